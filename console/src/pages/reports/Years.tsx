import { Button, Empty, Skeleton, type TableColumnsType, Tag } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { saveBlob } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { Years as Answer, YearsRow } from '../../api/model';
import { csvOf } from '../../csv';
import type { ChartOption } from '../../widgets/Chart';
import { count, money } from '../../widgets/columns';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Loaded, Page, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { instantText } from '../../widgets/time';
import { SCHEMES, useChoices } from '../options';
import { Growth } from './Growth';
import { growthChart, headsChart, moneyChart } from './years-chart';

const Chart = lazy(() => import('../../widgets/Chart'));
const PARTS = ['whole-city', 'city-level'] as const;

/** The years of the region one below the other, so that its growth is seen at a glance. */
export default function Years() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ from: '', to: '', part: 'whole-city', scheme: '' });
  const { from, to, part, scheme } = values;
  const read = useRead<Answer>('/reports/years', { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) });
  return (
    <Page title={t('menu.years')} trail={[{ text: t('menu.group.statistics') }]} note={t('years.note')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'from', label: t('years.from'), kind: 'year', width: 110 },
          { name: 'to', label: t('years.to'), kind: 'year', width: 110 },
          { name: 'part', label: t('years.part'), options: useChoices('yearScope', PARTS), required: true },
          { name: 'scheme', label: t('field.scheme'), options: useChoices('scheme', SCHEMES) },
        ]}
      />
      <Loaded query={read}>
        {(answer) => (
          <Figures
            answer={answer}
            rows={answer.rows.filter((row) => row.part === part && (scheme === '' || row.scheme === scheme))}
          />
        )}
      </Loaded>
    </Page>
  );
}

function Figures({ answer, rows }: { answer: Answer; rows: YearsRow[] }) {
  const { t } = useTranslation();
  const withIncome = rows.some((row) => row.income !== null);
  const columns = useColumns(withIncome);
  if (rows.length === 0) {
    return (
      <Panel title={t('years.table')}>
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('years.empty')} />
      </Panel>
    );
  }
  return (
    <>
      <p className="muted">
        {t('asOf', { time: instantText(answer.asOf) })} · {t('years.through', { month: answer.through })} ·{' '}
        {t('years.wholeYears')}
        {withIncome ? null : ` ${t('years.noIncome')}`}
      </p>
      <Pictures rows={rows} />
      <Panel title={t('years.table')} unit extra={<Export answer={answer} rows={rows} withIncome={withIncome} />}>
        <PlainTable<YearsRow>
          label={t('years.table')}
          rowKey={(row) => `${row.scheme}-${String(row.year)}`}
          dataSource={rows}
          columns={columns}
        />
      </Panel>
    </>
  );
}

function useColumns(withIncome: boolean): TableColumnsType<YearsRow> {
  const { t } = useTranslation();
  const growth = (field: 'headsGrowth' | 'incomeGrowth' | 'totalGrowth' | 'fundGrowth') => ({
    title: t('years.growth'),
    key: field,
    align: 'right' as const,
    className: 'num',
    render: (_: unknown, row: YearsRow) => <Growth value={row[field]} />,
  });
  return [
    {
      title: t('field.year'),
      fixed: 'left',
      render: (_, row) => (
        <span className="strong">
          {row.year} {row.months === 12 ? null : <Tag>{t('years.unfinished', { months: row.months })}</Tag>}
        </span>
      ),
    },
    { title: t('field.scheme'), render: (_, row) => t(`scheme.${row.scheme}`) },
    count<YearsRow>(t('years.heads'), 'heads'),
    growth('headsGrowth'),
    ...(withIncome ? [money<YearsRow>(t('years.income'), 'income'), growth('incomeGrowth')] : []),
    money<YearsRow>(t('years.total'), 'totalCost'),
    growth('totalGrowth'),
    money<YearsRow>(t('years.fund'), 'fund', true),
    growth('fundGrowth'),
    ...(withIncome ? [money<YearsRow>(t('years.surplus'), 'surplus')] : []),
    money<YearsRow>(t('years.costPerHead'), 'costPerHead'),
    count<YearsRow>(t('years.bills'), 'bills'),
  ];
}

function Export({ answer, rows, withIncome }: { answer: Answer; rows: YearsRow[]; withIncome: boolean }) {
  const { t } = useTranslation();
  const grown = (what: string): string => t('years.growthOf', { what });
  const head = [
    ...[t('field.year'), t('years.finished'), t('field.scheme'), t('years.part'), t('years.heads')],
    grown(t('years.heads')),
    ...(withIncome ? [t('years.income'), grown(t('years.income'))] : []),
    ...[t('years.total'), grown(t('years.total'))],
    ...[t('years.fund'), grown(t('years.fund'))],
    ...(withIncome ? [t('years.surplus')] : []),
    ...[t('years.costPerHead'), t('years.bills')],
  ];
  const cells = (row: YearsRow): string[] => [
    ...[String(row.year), String(row.months), t(`scheme.${row.scheme}`), t(`yearScope.${row.part}`)],
    ...[String(row.heads), row.headsGrowth ?? ''],
    ...(withIncome ? [row.income ?? '', row.incomeGrowth ?? ''] : []),
    ...[row.totalCost, row.totalGrowth ?? '', row.fund, row.fundGrowth ?? ''],
    ...(withIncome ? [row.surplus ?? ''] : []),
    ...[row.costPerHead ?? '', String(row.bills)],
  ];
  return (
    <Button
      onClick={() => {
        const title = [t('menu.years'), t('years.through', { month: answer.through }), t('money.unit')];
        const file = new Blob([csvOf([title, head, ...rows.map(cells)])], { type: 'text/csv' });
        saveBlob(file, `years-${answer.through}.csv`);
      }}
    >
      {t('action.exportCsv')}
    </Button>
  );
}

function Pictures({ rows }: { rows: readonly YearsRow[] }) {
  const { t } = useTranslation();
  const drawn = JSON.stringify(rows);
  const pictures = useMemo(() => {
    const all = JSON.parse(drawn) as YearsRow[];
    const names = { income: t('years.income'), totalCost: t('years.total'), fund: t('years.fund') };
    const bySchemes = [...new Set(all.map((row) => row.scheme))].map((scheme) => {
      const own = all.filter((row) => row.scheme === scheme);
      const title = `${t(`scheme.${scheme}`)} · ${t('years.amounts')}`;
      return { title, axis: t('years.axisMoney'), option: moneyChart(own, names) };
    });
    const grown = growthChart(all, (scheme, field) => {
      const what = field === 'totalGrowth' ? t('years.total') : t('years.fund');
      return `${t(`scheme.${scheme}`)} ${what}`;
    });
    return [
      ...bySchemes,
      { title: t('years.growths'), axis: t('years.axisPercent'), option: grown },
      { title: t('years.heads'), axis: '', option: headsChart(all, (scheme) => t(`scheme.${scheme}`)) },
    ];
  }, [drawn, t]);
  return (
    <div className="pictures" style={{ gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' }}>
      {pictures.map((picture) => (
        <Picture key={picture.title} {...picture} />
      ))}
    </div>
  );
}

function Picture({ title, axis, option }: { title: string; axis: string; option: ChartOption }) {
  const { t } = useTranslation();
  return (
    <Panel title={title} extra={<span className="unit">{axis}</span>}>
      <Suspense fallback={<Skeleton active />}>
        <Chart option={option} height={260} label={`${t('menu.years')} ${title}`} />
      </Suspense>
    </Panel>
  );
}
