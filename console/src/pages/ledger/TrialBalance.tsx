import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../api/hooks';
import type { AccountBalance, TrialBalance as Balance } from '../../api/model';
import { signOf, sumYuan } from '../../money/format';
import { money } from '../../widgets/columns';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { MoneyText } from '../../widgets/MoneyText';
import { Loaded, Page, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { StateTag } from '../../widgets/StateTag';
import { SCHEMES, useChoices } from '../options';

export default function TrialBalance() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ scheme: '', upTo: '' });
  const read = useRead<Balance>('/ledger/trial-balance', values);
  return (
    <Page title={t('menu.trial-balance')} trail={[{ text: t('menu.group.fund') }]} note={t('ledger.note')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'scheme', label: t('field.scheme'), options: useChoices('scheme', SCHEMES) },
          { name: 'upTo', label: t('ledger.upTo'), kind: 'month', width: 120 },
        ]}
      />
      <Loaded query={read}>{(balance) => <Accounts balance={balance} />}</Loaded>
    </Page>
  );
}

function Accounts({ balance }: { balance: Balance }) {
  const { t, i18n } = useTranslation();
  const even = signOf(balance.outOfBalance) === 0;
  const rows = balance.accounts;
  return (
    <Panel
      unit
      title={t('menu.trial-balance')}
      extra={
        even ? (
          <StateTag state="ok" text={t('ledger.balanced')} />
        ) : (
          <StateTag state="error" text={`${t('ledger.unbalanced')} ${balance.outOfBalance}`} />
        )
      }
    >
      <PlainTable<AccountBalance>
        label={t('menu.trial-balance')}
        rowKey={(row) => row.account}
        dataSource={rows}
        columns={[
          { title: t('ledger.account'), dataIndex: 'account', className: 'num-inline' },
          { title: t('ledger.accountName'), render: (_, row) => (i18n.language === 'en' ? row.nameEn : row.nameZh) },
          { title: t('ledger.nature'), render: (_, row) => t(`nature.${row.nature}`) },
          money<AccountBalance>(t('ledger.debit'), 'debit'),
          money<AccountBalance>(t('ledger.credit'), 'credit'),
          money<AccountBalance>(t('ledger.balance'), 'balance', true),
        ]}
        summary={() => (
          <Table.Summary.Row>
            <Table.Summary.Cell index={0} colSpan={3}>
              {t('table.total')}
            </Table.Summary.Cell>
            {(['debit', 'credit', 'balance'] as const).map((key, index) => (
              <Table.Summary.Cell key={key} index={index + 3} align="right">
                <MoneyText value={sumYuan(rows.map((row) => row[key]))} strong />
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        )}
      />
    </Panel>
  );
}
