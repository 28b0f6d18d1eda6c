import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Institution } from '../../api/model';
import { count, state, text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { useChoices } from '../options';

export default function InstitutionList() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ q: '', type: '', level: '' });
  return (
    <Page title={t('menu.institutions')} trail={[{ text: t('menu.group.designated') }]}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'q', label: t('institutions.find'), width: 220 },
          {
            name: 'type',
            label: t('institutions.type'),
            options: useChoices('institutionType', ['hospital', 'primary', 'pharmacy']),
          },
          {
            name: 'level',
            label: t('institutions.level'),
            options: useChoices('level', ['tertiary', 'secondary', 'primary']),
          },
        ]}
      />
      <section className="panel">
        <DataTable<Institution>
          label={t('menu.institutions')}
          route="/institutions"
          query={values}
          rowKey={(row) => row.id}
          columns={[
            { title: t('field.name'), render: (_, row) => <Link to={`/institutions/${row.id}`}>{row.name}</Link> },
            { title: t('institutions.code'), render: (_, row) => <span className="num-inline">{row.code12}</span> },
            { title: t('institutions.type'), render: (_, row) => t(`institutionType.${row.type}`) },
            { title: t('institutions.level'), render: (_, row) => t(`level.${row.level}`) },
            text<Institution>(t('field.area'), 'areaName'),
            { title: t('institutions.ownership'), render: (_, row) => t(`ownership.${row.ownership}`) },
            count<Institution>(t('institutions.beds'), 'beds'),
            state<Institution>(t('field.state'), 'state'),
          ]}
        />
      </section>
    </Page>
  );
}
