import { Button, Descriptions } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { Coverage, PersonDetail as Detail } from '../../api/model';
import { useMay } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { Loaded, Page, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { StateTag } from '../../widgets/StateTag';

interface Revealed {
  idNo: string;
  phone: string | null;
}

export default function PersonDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const may = useMay();
  const read = useRead<Detail>(path('/persons/{id}', { id }));
  const coverages = useRead<Coverage[]>(path('/persons/{id}/coverages', { id }));
  const [asking, setAsking] = useState(false);
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  return (
    <Page
      title={read.data?.name ?? t('menu.persons')}
      trail={[{ text: t('menu.group.insured') }, { text: t('menu.persons'), to: '/persons' }]}
      note={t('persons.masked')}
      extra={
        may('enrollment.reveal') && revealed === null ? (
          <Button
            onClick={() => {
              setAsking(true);
            }}
          >
            {t('persons.reveal')}
          </Button>
        ) : null
      }
    >
      <Loaded query={read}>{(person) => <Facts person={person} revealed={revealed} />}</Loaded>
      <Panel title={t('persons.coverages')}>
        <Loaded query={coverages}>{(rows) => <Coverages rows={rows} />}</Loaded>
      </Panel>
      <Link to={`/settlements?personId=${id}`}>{t('persons.toSettlements')}</Link>
      <ActionDialog<{ reason: string }>
        open={asking}
        title={t('persons.reveal')}
        explain={t('persons.revealExplain')}
        fields={[{ name: 'reason', label: t('field.reason'), kind: 'long' }]}
        action={(values) => ({ route: path('/persons/{id}/reveal', { id }), body: values })}
        onDone={(answer) => {
          setRevealed(answer as Revealed);
        }}
        onClose={() => {
          setAsking(false);
        }}
      />
    </Page>
  );
}

function Facts({ person, revealed }: { person: Detail; revealed: Revealed | null }) {
  const { t } = useTranslation();
  const marks = person.marks.map((mark) => t(`mark.${mark.mark}`, { defaultValue: mark.mark })).join('、');
  return (
    <Panel>
      <Descriptions
        column={{ xs: 1, sm: 2, lg: 3 }}
        items={[
          {
            key: 'id',
            label: t('persons.idNo'),
            children: <span className="num-inline">{revealed?.idNo ?? person.idNo}</span>,
          },
          { key: 'sex', label: t('persons.sex'), children: t(`sex.${person.sex}`) },
          { key: 'birth', label: t('persons.birthDate'), children: person.birthDate },
          { key: 'area', label: t('field.area'), children: person.areaName },
          { key: 'phone', label: t('persons.phone'), children: revealed?.phone ?? person.phone ?? '—' },
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
