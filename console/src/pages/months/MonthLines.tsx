import { Button, Checkbox, Input, Table, type TableColumnsType } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonthDetail, MonthLine } from '../../api/model';
import { percentText, signOf, sumYuan, fenOf, yuanText } from '../../money/format';
import { BudgetProgress } from '../../widgets/BudgetProgress';
import { count, money } from '../../widgets/columns';
import { useFilters } from '../../widgets/Filters';
import { MoneyText } from '../../widgets/MoneyText';
import { Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { StateTag } from '../../widgets/StateTag';

interface Props {
  run: MonthDetail;
  onHow: (line: MonthLine) => void;
  onAdjust?: (line: MonthLine) => void;
}

const STOPPING = new Set(['missing-agreement', 'missing-budget', 'suspended']);

/** The sheet of every provider: those with exceptions first, filter in the URL, sums below. */
export function MonthLines({ run, onHow, onAdjust }: Props) {
  const { t } = useTranslation();
  const { values, change } = useFilters({ name: '', odd: '' });
  const lines = useMemo(() => {
    const chosen = run.lines.filter(
      (line) => line.providerName.includes(values.name) && (values.odd === '' || line.exceptions.length > 0),
    );
    return chosen.sort(
      (a, b) =>
        Number(b.exceptions.length > 0) - Number(a.exceptions.length > 0) || (fenOf(b.pay)! > fenOf(a.pay)! ? 1 : -1),
    );
  }, [run.lines, values.name, values.odd]);
  const timePercent = Math.round((Number(run.month.slice(5)) * 100) / 12);
  return (
    <Panel
      unit
      title={t('months.lines')}
      extra={
        <span style={{ display: 'flex', flexWrap: 'wrap', gap: 12, alignItems: 'center' }}>
          <span className="muted">{t('budget.time', { percent: timePercent })}</span>
          <Checkbox
            checked={values.odd !== ''}
            onChange={(event) => {
              change({ odd: event.target.checked ? '1' : '' });
            }}
          >
            {t('months.onlyExceptions')}
          </Checkbox>
          <Input.Search
            allowClear
            style={{ width: 200 }}
            placeholder={t('months.findProvider')}
            aria-label={t('months.findProvider')}
            defaultValue={values.name}
            onSearch={(name) => {
              change({ name: name.trim() });
            }}
          />
        </span>
      }
    >
      <PlainTable<MonthLine>
        label={t('months.lines')}
        size="small"
        rowKey={(line) => line.providerId}
        dataSource={lines}
        pagination={lines.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
        columns={useColumns({ timePercent, onHow, ...(onAdjust === undefined ? {} : { onAdjust }) })}
        summary={() => (lines.length === 0 ? null : <Sums lines={lines} />)}
      />
    </Panel>
  );
}

interface ColumnInput {
  timePercent: number;
  onHow: (line: MonthLine) => void;
  onAdjust?: (line: MonthLine) => void;
}

function useColumns({ timePercent, onHow, onAdjust }: ColumnInput): TableColumnsType<MonthLine> {
  const { t } = useTranslation();
  return [
    {
      title: t('field.provider'),
      fixed: 'left',
      width: 230,
      render: (_, line) => (
        <>
          <div className="strong">{line.providerName}</div>
          <Exceptions line={line} />
        </>
      ),
    },
    count<MonthLine>(t('months.settlements'), 'settlements'),
    money<MonthLine>(t('months.accepted'), 'accepted'),
    { title: t('months.change'), align: 'right', className: 'num', render: (_, line) => <Change line={line} /> },
    money<MonthLine>(t('months.deduction'), 'deduction'),
    money<MonthLine>(t('months.deposit'), 'deposit'),
    {
      title: t('months.offset'),
      align: 'right',
      className: 'num',
      render: (_, line) => <MoneyText value={offsetOf(line)} />,
    },
    money<MonthLine>(t('months.adjustment'), 'adjustment'),
    money<MonthLine>(t('months.pay'), 'pay', true),
    {
      title: t('months.progress'),
      width: 180,
      render: (_, line) => (
        <BudgetProgress used={line.ytdBudgeted} budget={line.annualBudget} timePercent={timePercent} />
      ),
    },
    {
      title: t('table.actions'),
      fixed: 'right',
      render: (_, line) => (
        <>
          <Button
            type="link"
            size="small"
            aria-label={`${t('action.how')} ${line.providerName}`}
            onClick={() => {
              onHow(line);
            }}
          >
            {t('action.how')}
          </Button>
          {onAdjust === undefined ? null : (
            <Button
              type="link"
              size="small"
              aria-label={`${t('months.adjust')} ${line.providerName}`}
              onClick={() => {
                onAdjust(line);
              }}
            >
              {t('months.adjust')}
            </Button>
          )}
        </>
      ),
    },
  ];
}

/** What of earlier months and clearings is set against this month. */
function offsetOf(line: MonthLine): string {
  return sumYuan([line.carryIn, line.recovered]);
}

function Exceptions({ line }: { line: MonthLine }) {
  const { t } = useTranslation();
  if (line.exceptions.length === 0) return null;
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 4, marginTop: 2, whiteSpace: 'normal' }}>
      {line.exceptions.map((code) => (
        <StateTag
          key={code}
          state={code}
          text={t(`exception.${code}`, { defaultValue: code })}
          tone={STOPPING.has(code) ? 'stop' : 'wait'}
        />
      ))}
    </div>
  );
}

/** Month on month, with direction in a symbol. */
function Change({ line }: { line: MonthLine }) {
  const { t } = useTranslation();
  const now = fenOf(line.accepted);
  const before = fenOf(line.lastMonthAccepted);
  if (now === null || before === null || before <= 0n) return <span className="muted">{t('months.noBefore')}</span>;
  const difference = yuanText(now - before);
  const direction = signOf(difference);
  const loud = line.exceptions.includes('month-on-month');
  return (
    <span className={loud ? 'ahead' : ''}>
      {direction > 0 ? '↑' : direction < 0 ? '↓' : ''}{' '}
      {percentText(difference, line.lastMonthAccepted)?.replace('−', '')}
    </span>
  );
}

function Sums({ lines }: { lines: readonly MonthLine[] }) {
  const { t } = useTranslation();
  const sum = (pick: (line: MonthLine) => string) => <MoneyText value={sumYuan(lines.map(pick))} strong />;
  const cells = [
    t('table.total'),
    lines.reduce((total, line) => total + line.settlements, 0).toLocaleString('en-US'),
    sum((line) => line.accepted),
    '',
    sum((line) => line.deduction),
    sum((line) => line.deposit),
    sum(offsetOf),
    sum((line) => line.adjustment),
    sum((line) => line.pay),
    '',
    '',
  ];
  return (
    <Table.Summary fixed>
      <Table.Summary.Row>
        {cells.map((cell, index) => (
          <Table.Summary.Cell key={index} index={index} align={index === 0 ? 'left' : 'right'}>
            {cell}
          </Table.Summary.Cell>
        ))}
      </Table.Summary.Row>
    </Table.Summary>
  );
}
