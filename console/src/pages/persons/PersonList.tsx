import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Person } from '../../api/model';
import { text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { SCHEMES, useChoices } from '../options';
import { NumberSearch } from './NumberSearch';

export default function PersonList() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ name: '', areaCode: '', scheme: '' });
  return (
    <Page title={t('menu.persons')} trail={[{ text: t('menu.group.insured') }]} note={t('persons.note')}>
      <NumberSearch />
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'name', label: t('field.name') },
          { name: 'areaCode', label: t('field.areaCode') },
          { name: 'scheme', label: t('field.scheme'), options: useChoices('scheme', SCHEMES) },
        ]}
      />
      <section className="panel">
        <DataTable<Person>
          label={t('menu.persons')}
          route="/persons"
          query={values}
          rowKey={(person) => person.id}
          columns={[
            { title: t('field.name'), render: (_, person) => <Link to={`/persons/${person.id}`}>{person.name}</Link> },
            { title: t('persons.idNo'), render: (_, person) => <span className="num-inline">{person.idNo}</span> },
            { title: t('persons.sex'), render: (_, person) => t(`sex.${person.sex}`) },
            text<Person>(t('persons.birthDate'), 'birthDate'),
            text<Person>(t('field.area'), 'areaName'),
            {
              title: t('field.scheme'),
              render: (_, person) => (person.scheme === null ? t('persons.uncovered') : t(`scheme.${person.scheme}`)),
            },
            {
              title: t('persons.insuredType'),
              render: (_, person) => (person.insuredType === null ? '—' : t(`insuredType.${person.insuredType}`)),
            },
            text<Person>(t('persons.phone'), 'phone'),
          ]}
        />
      </section>
    </Page>
  );
}
