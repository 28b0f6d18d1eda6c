import { Descriptions } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { Coverage, PersonDetail as Detail } from '../../api/model';
import { useMay } from '../../app/session';
import { Loaded, Page, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { type Revealed, useReveal } from '../../widgets/Reveal';
import { StateTag } from '../../widgets/StateTag';

interface Identity {
  idNo: string;
  birthDate: string;
  phone: string | null;
}

export default function PersonDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const may = useMay();
  const read = useRead<Detail>(path('/persons/{id}', { id }));
  const coverages = useRead<Coverage[]>(path('/persons/{id}/coverages', { id }));
  const reveal = useReveal<Identity>(path('/persons/{id}/reveal', { id }), may('enrollment.reveal'));
  return (
    <Page
      title={read.data?.name ?? t('menu.persons')}
      trail={[{ text: t('menu.group.insured') }, { text: t('menu.persons'), to: '/persons' }]}
      note={t('persons.masked')}
    >
      <Loaded query={read}>{(person) => <Facts person={person} reveal={reveal} />}</Loaded>
      <Panel title={t('persons.coverages')}>
        <Loaded query={coverages}>{(rows) => <Coverages rows={rows} />}</Loaded>
      </Panel>
      <Link to={`/settlements?personId=${id}`}>{t('persons.toSettlements')}</Link>
      {reveal.dialog}
    </Page>
  );
}

function Facts({ person, reveal }: { person: Detail; reveal: Revealed<Identity> }) {
  const { t } = useTranslation();
  const marks = person.marks.map((mark) => t(`mark.${mark.mark}`, { defaultValue: mark.mark })).join('、');
  const { idNo, birthDate, phone } = reveal.shown ?? person;
  return (
    <Panel>
      <Descriptions
        column={{ xs: 1, sm: 2, lg: 3 }}
        items={[
          {
            key: 'id',
            label: t('persons.idNo'),
            children: (
              <span>
                <span className="num-inline">{idNo}</span> {reveal.eye}
              </span>
            ),
          },
          { key: 'sex', label: t('persons.sex'), children: t(`sex.${person.sex}`) },
          { key: 'birth', label: t('persons.birthDate'), children: birthDate },
          { key: 'area', label: t('field.area'), children: person.areaName },
          { key: 'phone', label: t('persons.phone'), children: phone ?? '—' },
          { key: 'marks', label: t('persons.marks'), children: marks === '' ? '—' : marks },
        ]}
      />
    </Panel>
  );
}

function Coverages({ rows }: { rows: Coverage[] }) {
  const { t } = useTranslation();
  return (
    <PlainTable<Coverage>
      label={t('persons.coverages')}
      rowKey={(coverage) => coverage.id}
      dataSource={rows}
      columns={[
        { title: t('field.scheme'), render: (_, coverage) => t(`scheme.${coverage.scheme}`) },
        { title: t('persons.insuredType'), render: (_, coverage) => t(`insuredType.${coverage.insuredType}`) },
        { title: t('field.state'), render: (_, coverage) => <StateTag state={coverage.status} /> },
        { title: t('field.from'), dataIndex: 'from' },
        { title: t('field.until'), render: (_, coverage) => coverage.to ?? t('field.openEnd') },
        { title: t('persons.benefitsFrom'), dataIndex: 'benefitsFrom' },
      ]}
    />
  );
}
