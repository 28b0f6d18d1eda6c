import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import type { BudgetDetail, BudgetLine } from '../../api/model';
import { sumYuan } from '../../money/format';
import { BudgetProgress } from '../../widgets/BudgetProgress';
import { money } from '../../widgets/columns';
import { MoneyText } from '../../widgets/MoneyText';
import { Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';

interface Props {
  budget: BudgetDetail;
  onHow: (line: BudgetLine) => void;
  onNegotiate?: (line: BudgetLine) => void;
}

export function BudgetLines({ budget, onHow, onNegotiate }: Props) {
  const { t } = useTranslation();
  const lines = budget.lines;
  return (
    <Panel unit title={t('budgets.lines')}>
      <PlainTable<BudgetLine>
        label={t('budgets.lines')}
        size="small"
        rowKey={(line) => line.providerId}
        dataSource={lines}
        pagination={lines.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
        columns={[
          {
            title: t('field.provider'),
            fixed: 'left',
            width: 220,
            render: (_, line) => <span className="strong">{line.providerName}</span>,
          },
          { title: t('budgets.group'), render: (_, line) => t(`level.${line.group}`, { defaultValue: line.group }) },
          money<BudgetLine>(t('budgets.base'), 'base'),
          money<BudgetLine>(t('budgets.formula'), 'formula'),
          {
            title: t('budgets.negotiated'),
            align: 'right',
            className: 'num',
            render: (_, line) =>
              line.negotiated === null ? (
                '—'
              ) : (
                <>
                  <MoneyText value={line.negotiated} />
                  <div className="muted" style={{ whiteSpace: 'normal', maxWidth: 200 }}>
                    {line.negotiatedReason}
                  </div>
                </>
              ),
          },
          money<BudgetLine>(t('budgets.amount'), 'amount', true),
          { title: t('budget.used'), render: (_, line) => <BudgetProgress used={line.used} budget={line.amount} /> },
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
                {onNegotiate === undefined ? null : (
                  <Button
                    type="link"
                    size="small"
                    aria-label={`${t('budgets.negotiateShort')} ${line.providerName}`}
                    onClick={() => {
                      onNegotiate(line);
                    }}
                  >
                    {t('budgets.negotiateShort')}
                  </Button>
                )}
              </>
            ),
          },
        ]}
        summary={() =>
          lines.length === 0 ? null : (
            <Table.Summary.Row>
              <Table.Summary.Cell index={0} colSpan={5}>
                {t('table.total')}
              </Table.Summary.Cell>
              <Table.Summary.Cell index={5} align="right">
                <MoneyText value={sumYuan(lines.map((line) => line.amount))} strong />
              </Table.Summary.Cell>
              <Table.Summary.Cell index={6} colSpan={2} />
            </Table.Summary.Row>
          )
        }
      />
    </Panel>
  );
}
