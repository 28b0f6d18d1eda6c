import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Settlement } from '../../api/model';
import { money } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { SCHEMES, useChoices, useInstitutions } from '../options';

export default function SettlementList() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ month: '', scheme: '', providerId: '', billNo: '', personId: '' });
  const institutions = useInstitutions();
  const nameOf = (id: string) => institutions.find((choice) => choice.value === id)?.label ?? '—';
  return (
    <Page title={t('menu.settlements')} trail={[{ text: t('menu.group.claims') }]} note={t('settlements.note')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'month', label: t('field.month'), kind: 'month', width: 120 },
          { name: 'scheme', label: t('field.scheme'), options: useChoices('scheme', SCHEMES) },
          { name: 'providerId', label: t('field.provider'), options: institutions, width: 240 },
          { name: 'billNo', label: t('settlements.billNo') },
        ]}
      />
      <section className="panel">
        <DataTable<Settlement>
          unit
          label={t('menu.settlements')}
          route="/settlements"
          query={values}
          rowKey={(row) => row.id}
          columns={[
            {
              title: t('settlements.billNo'),
              render: (_, row) => <Link to={`/settlements/${row.id}`}>{row.billNo}</Link>,
            },
            { title: t('field.state'), render: (_, row) => <SettlementState settlement={row} /> },
            { title: t('field.provider'), render: (_, row) => nameOf(row.providerId) },
            { title: t('field.scheme'), render: (_, row) => t(`scheme.${row.scheme}`) },
            { title: t('field.category'), render: (_, row) => t(`category.${row.category}`) },
            { title: t('settlements.settledOn'), dataIndex: 'settledOn' },
            { title: t('field.month'), dataIndex: 'month' },
            money<Settlement>(t('settlements.total'), 'total'),
            money<Settlement>(t('settlements.fundPaySum'), 'fundPaySum', true),
            money<Settlement>(t('settlements.acctPay'), 'acctPay'),
            money<Settlement>(t('settlements.cashPay'), 'cashPay'),
          ]}
        />
      </section>
    </Page>
  );
}

export function SettlementState({ settlement }: { settlement: Settlement }) {
  if (settlement.kind === 'reversal') return <StateTag state="reversal" tone="stop" />;
  return (
    <StateTag
      state={settlement.reversedBy === null ? 'settlement' : 'reversed'}
      tone={settlement.reversedBy === null ? 'done' : 'stop'}
    />
  );
}
