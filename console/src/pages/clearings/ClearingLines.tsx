import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ClearingDetail, ClearingLine } from '../../api/model';
import { signOf, sumYuan } from '../../money/format';
import { BudgetProgress } from '../../widgets/BudgetProgress';
import { money } from '../../widgets/columns';
import { MoneyText } from '../../widgets/MoneyText';
import { Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { StateTag } from '../../widgets/StateTag';

const AMOUNTS = ['accepted', 'refused', 'a', 'budget'] as const;
const RESULTS = ['extra', 'retained', 'penalty', 'borne', 'payable', 'paid', 'depositReturned', 'poolShare'] as const;

interface Props {
  run: ClearingDetail;
  onHow: (line: ClearingLine) => void;
}

/** What the year owes each provider: use of the budget, bands, penalties, deposit, and what is left to pay or to recover. */
export function ClearingLines({ run, onHow }: Props) {
  const { t } = useTranslation();
  const lines = run.lines;
  return (
    <Panel unit title={t('clearings.lines')}>
      <PlainTable<ClearingLine>
        label={t('clearings.lines')}
        size="small"
        rowKey={(line) => line.providerId}
        dataSource={lines}
        pagination={lines.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
        columns={[
          { title: t('field.provider'), fixed: 'left', width: 220, render: (_, line) => <Provider line={line} /> },
          ...AMOUNTS.map((key) => money<ClearingLine>(t(`clearings.${key}`), key)),
          { title: t('budget.used'), render: (_, line) => <BudgetProgress used={line.a} budget={line.budget} /> },
          ...RESULTS.map((key) => money<ClearingLine>(t(`clearings.${key}`), key)),
          {
            title: t('clearings.balance'),
            align: 'right',
            className: 'num',
            render: (_, line) => <BalanceText line={line} />,
          },
          {
            title: t('table.actions'),
            fixed: 'right',
            render: (_, line) => (
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
            ),
          },
        ]}
        summary={() => (lines.length === 0 ? null : <Sums lines={lines} />)}
      />
    </Panel>
  );
}

function Provider({ line }: { line: ClearingLine }) {
  const { t } = useTranslation();
  const notes = [
    ...line.exceptions.map((code) => t(`exception.${code}`, { defaultValue: code })),
    ...line.qualityFailures.map((code) => t(`quality.${code}`, { defaultValue: code })),
  ];
  return (
    <>
      <div className="strong">{line.providerName}</div>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 4 }}>
        {notes.map((note) => (
          <StateTag key={note} state={note} text={note} tone="wait" />
        ))}
      </div>
    </>
  );
}

function BalanceText({ line }: { line: ClearingLine }) {
  const { t } = useTranslation();
  const sign = signOf(line.balance);
  return (
    <>
      <MoneyText value={line.balance} strong />
      <div className="muted">
        {sign > 0 ? t('clearings.toPay') : sign < 0 ? t('clearings.toRecover') : t('clearings.even')}
      </div>
    </>
  );
}

function Sums({ lines }: { lines: readonly ClearingLine[] }) {
  const { t } = useTranslation();
  const sum = (key: (typeof AMOUNTS)[number] | (typeof RESULTS)[number] | 'balance') => (
    <MoneyText value={sumYuan(lines.map((line) => line[key]))} strong />
  );
  const cells = [t('table.total'), ...AMOUNTS.map(sum), '', ...RESULTS.map(sum), sum('balance'), ''];
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
