import { Descriptions, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { Department, Institution, Physician } from '../../api/model';
import { useMay } from '../../app/session';
import { state, text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { Loaded, Page, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { useReveal } from '../../widgets/Reveal';
import { StateTag } from '../../widgets/StateTag';
import { AgreementTable } from './AgreementList';

export default function InstitutionDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const read = useRead<Institution>(path('/institutions/{id}', { id }));
  return (
    <Page
      title={read.data?.name ?? t('menu.institutions')}
      trail={[{ text: t('menu.group.designated') }, { text: t('menu.institutions'), to: '/institutions' }]}
      labels={read.data === undefined ? null : <StateTag state={read.data.state} />}
    >
      <Loaded query={read}>{(institution) => <Facts institution={institution} />}</Loaded>
      <Panel>
        <Tabs
          items={[
            {
              key: 'agreements',
              label: t('menu.agreements'),
              children: <AgreementTable query={{ institutionId: id }} />,
            },
            { key: 'departments', label: t('institutions.departments'), children: <Departments id={id} /> },
            { key: 'physicians', label: t('institutions.physicians'), children: <Physicians id={id} /> },
          ]}
        />
      </Panel>
      <Link to={`/settlements?providerId=${id}`}>{t('institutions.toSettlements')}</Link>
    </Page>
  );
}

function Facts({ institution }: { institution: Institution }) {
  const { t } = useTranslation();
  const may = useMay();
  const account = institution.payeeAccount ?? null;
  const reveal = useReveal<{ payeeAccount: string }>(
    path('/institutions/{id}/reveal', { id: institution.id }),
    may('providers.reveal') && account !== null,
  );
  return (
    <Panel>
      <Descriptions
        column={{ xs: 1, sm: 2, lg: 3 }}
        items={[
          { key: 'code', label: t('institutions.code'), children: institution.code12 },
          { key: 'type', label: t('institutions.type'), children: t(`institutionType.${institution.type}`) },
          { key: 'level', label: t('institutions.level'), children: t(`level.${institution.level}`) },
          {
            key: 'speciality',
            label: t('institutions.speciality'),
            children: t(`speciality.${institution.speciality}`),
          },
          { key: 'ownership', label: t('institutions.ownership'), children: t(`ownership.${institution.ownership}`) },
          { key: 'area', label: t('field.area'), children: institution.areaName ?? institution.areaCode },
          { key: 'beds', label: t('institutions.beds'), children: institution.beds },
          { key: 'payee', label: t('institutions.payee'), children: institution.payeeName ?? '—' },
          {
            key: 'account',
            label: t('institutions.account'),
            children: (
              <span>
                {institution.payeeBank ?? ''}{' '}
                <span className="num-inline">{reveal.shown?.payeeAccount ?? account ?? '—'}</span> {reveal.eye}
                {reveal.dialog}
              </span>
            ),
          },
        ]}
      />
    </Panel>
  );
}

function Departments({ id }: { id: string }) {
  const { t } = useTranslation();
  const read = useRead<Department[]>(path('/institutions/{id}/departments', { id }));
  return (
    <Loaded query={read}>
      {(rows) => (
        <PlainTable<Department>
          label={t('institutions.departments')}
          rowKey={(row) => row.id}
          dataSource={rows}
          columns={[
            text<Department>(t('institutions.departmentCode'), 'code'),
            text<Department>(t('field.name'), 'name'),
            state<Department>(t('field.state'), 'state'),
          ]}
        />
      )}
    </Loaded>
  );
}

function Physicians({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <DataTable<Physician>
      label={t('institutions.physicians')}
      route={path('/institutions/{id}/physicians', { id })}
      rowKey={(row) => row.id}
      columns={[
        text<Physician>(t('field.name'), 'name'),
        text<Physician>(t('institutions.licence'), 'licenceNo'),
        { title: t('institutions.profession'), render: (_, row) => t(`profession.${row.profession}`) },
        text<Physician>(t('institutions.title'), 'title'),
        text<Physician>(t('institutions.department'), 'departmentName'),
        text<Physician>(t('field.from'), 'from'),
        { title: t('field.until'), render: (_, row) => row.to ?? t('field.openEnd') },
        state<Physician>(t('field.state'), 'state'),
      ]}
    />
  );
}
