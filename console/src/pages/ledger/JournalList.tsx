import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { JournalHead } from '../../api/model';
import { count, money, text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { currentMonth } from '../../widgets/time';
import { SCHEMES, useChoices } from '../options';

export default function JournalList() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ period: currentMonth(new Date()), scheme: '', sourceKind: '', sourceId: '' });
  return (
    <Page title={t('menu.journals')} trail={[{ text: t('menu.group.fund') }]} note={t('ledger.journalNote')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'period', label: t('ledger.period'), kind: 'month', width: 120 },
          { name: 'scheme', label: t('field.scheme'), options: useChoices('scheme', SCHEMES) },
          { name: 'sourceKind', label: t('ledger.sourceKind') },
          { name: 'sourceId', label: t('ledger.sourceId'), width: 280 },
        ]}
      />
      <section className="panel">
        <DataTable<JournalHead>
          unit
          label={t('menu.journals')}
          route="/ledger/journals"
          query={values}
          rowKey={(row) => row.id}
          columns={[
            {
              title: t('ledger.postedOn'),
              render: (_, row) => <Link to={`/ledger/journals/${row.id}`}>{row.postedOn}</Link>,
            },
            text<JournalHead>(t('ledger.period'), 'period'),
            { title: t('field.scheme'), render: (_, row) => t(`scheme.${row.scheme}`) },
            {
              title: t('ledger.sourceKind'),
              render: (_, row) => t(`source.${row.sourceKind}`, { defaultValue: row.sourceKind }),
            },
            text<JournalHead>(t('ledger.memo'), 'memo'),
            count<JournalHead>(t('ledger.lines'), 'lineCount'),
            money<JournalHead>(t('settlements.amount'), 'total', true),
            text<JournalHead>(t('field.by'), 'postedBy'),
          ]}
        />
      </section>
    </Page>
  );
}
