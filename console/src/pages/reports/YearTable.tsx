import { Button, Skeleton, type TableColumnsType } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { saveBlob } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { YearRow, YearTable as Table } from '../../api/model';
import { csvOf } from '../../csv';
import { count, money } from '../../widgets/columns';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Loaded, Page, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { StateTag } from '../../widgets/StateTag';
import { currentMonth, instantText } from '../../widgets/time';
import { SCHEMES, useChoices } from '../options';
import { Growth, percent } from './Growth';
import { yearChart } from './year-chart';

const Chart = lazy(() => import('../../widgets/Chart'));
const CUTS = ['scopes', 'counties', 'levels', 'categories'] as const;
type Cut = (typeof CUTS)[number];
/** Under which key the names of a cut's rows stand; counties bring their names along. */
const NAMES: Record<Cut, string> = { scopes: 'yearScope', counties: '', levels: 'level', categories: 'category' };

/** Chinese or English text by key, as the parts of this page need it. */
type Say = (key: string) => string;

export default function YearTable() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ year: currentMonth(new Date()).slice(0, 4), by: 'scopes', scheme: '' });
  const read = useRead<Table>('/reports/year-table', { year: values.year });
  const before = useRead<Table>('/reports/year-table', { year: Number(values.year) - 1 });
  const by = CUTS.find((cut) => cut === values.by) ?? 'scopes';
  return (
    <Page title={t('menu.year-table')} trail={[{ text: t('menu.group.statistics') }]} note={t('year.note')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'year', label: t('field.year'), kind: 'year', width: 110 },
          { name: 'by', label: t('year.by'), options: useChoices('yearCut', CUTS), required: true },
          { name: 'scheme', label: t('field.scheme'), options: useChoices('scheme', SCHEMES) },
        ]}
      />
      <Loaded query={read}>
        {(table) => <Figures table={table} before={before.data?.[by] ?? []} by={by} scheme={values.scheme} />}
      </Loaded>
    </Page>
  );
}

/** Name of the part of the region that a row is about. */
function nameOf(row: YearRow, by: Cut, say: Say): string {
  return by === 'counties' ? (row.name ?? row.key) : say(`${NAMES[by]}.${row.key}`);
}

interface FiguresProps {
  table: Table;
  before: readonly YearRow[];
  by: Cut;
  scheme: string;
}

function Figures({ table, before, by, scheme }: FiguresProps) {
  const { t } = useTranslation();
  const say: Say = (key) => t(key);
  const chosen = (row: YearRow): boolean => scheme === '' || row.scheme === scheme;
  const rows = table[by].filter(chosen);
  // Ten months beside twelve would look like a fall; the year before is drawn only beside a whole year.
  const comparable = table.through.endsWith('-12');
  return (
    <>
      <AsOf table={table} />
      {rows.length === 0 ? null : <Pictures rows={comparable ? [...before.filter(chosen), ...rows] : rows} by={by} />}
      <Panel
        title={t('year.table')}
        unit
        extra={
          <Button
            disabled={rows.length === 0}
            onClick={() => {
              const content = csvOf([
                [t('menu.year-table'), t(`yearCut.${by}`), asOfText(table, say), t('money.unit')],
                ...cells(rows, by, say),
              ]);
              saveBlob(new Blob([content], { type: 'text/csv' }), `year-table-${String(table.year)}-${by}.csv`);
            }}
          >
            {t('action.exportCsv')}
          </Button>
        }
      >
        <PlainTable<YearRow>
          label={t('year.table')}
          rowKey={(row) => `${row.scheme}-${row.key}`}
          dataSource={rows}
          columns={useColumns(by)}
        />
      </Panel>
    </>
  );
}

function asOfText(table: Table, say: Say): string {
  return `${String(table.year)} ${say('year.through')} ${table.through}`;
}

/** Through which month the figures go, and which months are settled and closed. */
function AsOf({ table }: { table: Table }) {
  const { t } = useTranslation();
  return (
    <p style={{ display: 'flex', flexWrap: 'wrap', gap: 12, alignItems: 'center' }}>
      <span className="muted">
        {t('asOf', { time: instantText(table.asOf) })} · {t('year.through')} {table.through}
      </span>
      {table.closedThrough.map(({ scheme, month }) => (
        <StateTag
          key={scheme}
          state={month === table.through ? 'closed' : 'open'}
          text={`${t(`scheme.${scheme}`)} ${month === null ? t('year.noneClosed') : t('year.closedThrough', { month })}`}
        />
      ))}
    </p>
  );
}

function useColumns(by: Cut): TableColumnsType<YearRow> {
  const { t } = useTranslation();
  return [
    { title: t('field.scheme'), fixed: 'left', render: (_, row) => t(`scheme.${row.scheme}`) },
    {
      title: t('year.part'),
      fixed: 'left',
      render: (_, row) => <span className="strong">{nameOf(row, by, (key) => t(key))}</span>,
    },
    count<YearRow>(t('year.bills'), 'bills'),
    money<YearRow>(t('year.total'), 'totalCost'),
    {
      title: t('year.growth'),
      align: 'right',
      className: 'num',
      render: (_, row) => <Growth value={row.totalGrowth} />,
    },
    money<YearRow>(t('year.fund'), 'fund', true),
    {
      title: t('year.growth'),
      align: 'right',
      className: 'num',
      render: (_, row) => <Growth value={row.fundGrowth} />,
    },
    { title: t('year.inScopeShare'), align: 'right', className: 'num', render: (_, row) => percent(row.inScopeShare) },
    { title: t('year.fundShare'), align: 'right', className: 'num', render: (_, row) => percent(row.fundShare) },
  ];
}

function Pictures({ rows, by }: { rows: readonly YearRow[]; by: Cut }) {
  const { t } = useTranslation();
  const schemes = [...new Set(rows.map((row) => row.scheme))];
  const columns = by === 'counties' ? 1 : schemes.length;
  return (
    <div className="pictures" style={{ gridTemplateColumns: `repeat(${String(columns)}, minmax(0, 1fr))` }}>
      {schemes.map((scheme) => (
        <Picture
          key={scheme}
          rows={rows.filter((row) => row.scheme === scheme)}
          by={by}
          title={t(`scheme.${scheme}`)}
        />
      ))}
    </div>
  );
}

function Picture({ rows, by, title }: { rows: readonly YearRow[]; by: Cut; title: string }) {
  const { t } = useTranslation();
  const drawn = JSON.stringify(rows);
  const option = useMemo(
    () =>
      yearChart(JSON.parse(drawn) as YearRow[], {
        total: t('year.total'),
        fund: t('year.fund'),
        unit: t('money.yuan'),
        nameOf: (row) => nameOf(row, by, (key) => t(key)),
      }),
    [drawn, by, t],
  );
  return (
    <Panel title={title} extra={<span className="unit">{t('year.axis')}</span>}>
      <Suspense fallback={<Skeleton active />}>
        <Chart option={option} height={300} label={`${t('menu.year-table')} ${title} ${t(`yearCut.${by}`)}`} />
      </Suspense>
    </Panel>
  );
}

function cells(rows: readonly YearRow[], by: Cut, say: Say): string[][] {
  const head = [
    'field.scheme',
    'year.part',
    'year.bills',
    'year.total',
    'year.totalGrowth',
    'year.fund',
    'year.fundGrowth',
  ];
  return [
    [...head, 'year.inScopeShare', 'year.fundShare'].map(say),
    ...rows.map((row) => [
      ...[say(`scheme.${row.scheme}`), nameOf(row, by, say), String(row.bills), row.totalCost, row.totalGrowth ?? ''],
      ...[row.fund, row.fundGrowth ?? '', row.inScopeShare ?? '', row.fundShare ?? ''],
    ]),
  ];
}
