import { useState } from 'react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { path, type Query } from '../../api/client';
import type { Agreement } from '../../api/model';
import { useMay } from '../../app/session';
import { ratioAsPercent } from '../../money/format';
import { ActionDialog, type DialogField } from '../../widgets/ActionDialog';
import { text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { useInstitutions } from '../options';

export default function AgreementList() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ institutionId: '', on: '' });
  return (
    <Page title={t('menu.agreements')} trail={[{ text: t('menu.group.designated') }]} note={t('agreements.note')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'institutionId', label: t('field.provider'), options: useInstitutions(), width: 260 },
          { name: 'on', label: t('agreements.on'), kind: 'day' },
        ]}
      />
      <section className="panel">
        <AgreementTable query={values} />
      </section>
    </Page>
  );
}

type Decision = 'suspend' | 'resume' | 'terminate';
const DECISIONS: Record<Decision, readonly string[]> = {
  suspend: ['in-force'],
  resume: ['suspended'],
  terminate: ['in-force', 'suspended'],
};

/** Agreements with what may be decided about them; also shown on an institution's page. */
export function AgreementTable({ query }: { query: Query }) {
  const { t } = useTranslation();
  const may = useMay();
  const [deciding, setDeciding] = useState<{ agreement: Agreement; decision: Decision } | null>(null);
  const open = (agreement: Agreement): Decision[] =>
    may('providers.decide')
      ? (Object.keys(DECISIONS) as Decision[]).filter((key) => DECISIONS[key].includes(agreement.state))
      : [];
  return (
    <>
      <DataTable<Agreement>
        label={t('menu.agreements')}
        route="/agreements"
        query={query}
        rowKey={(row) => row.id}
        columns={[
          text<Agreement>(t('agreements.number'), 'agreementNo'),
          {
            title: t('field.provider'),
            render: (_, row) => (
              <Link to={`/institutions/${row.institutionId}`}>{row.institutionName ?? t('action.open')}</Link>
            ),
          },
          { title: t('field.state'), render: (_, row) => <StateTag state={row.state} /> },
          text<Agreement>(t('field.from'), 'from'),
          text<Agreement>(t('field.until'), 'to'),
          {
            title: t('agreements.deposit'),
            align: 'right',
            className: 'num',
            render: (_, row) => ratioAsPercent(row.depositRate),
          },
          { title: t('agreements.methods'), render: (_, row) => <Methods agreement={row} /> },
          { title: t('agreements.reason'), render: (_, row) => row.stateReason ?? '—' },
          {
            title: t('table.actions'),
            render: (_, row) =>
              open(row).map((decision) => (
                <Button
                  key={decision}
                  type="link"
                  size="small"
                  danger={decision !== 'resume'}
                  aria-label={`${t(`agreements.${decision}`)} ${row.agreementNo}`}
                  onClick={() => {
                    setDeciding({ agreement: row, decision });
                  }}
                >
                  {t(`agreements.${decision}`)}
                </Button>
              )),
          },
        ]}
      />
      {deciding === null ? null : (
        <DecisionDialog
          {...deciding}
          onClose={() => {
            setDeciding(null);
          }}
        />
      )}
    </>
  );
}

function Methods({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation();
  return Object.entries(agreement.paymentMethod)
    .map(([category, method]) => `${t(`category.${category}`)}：${t(`method.${method}`)}`)
    .join('；');
}

function DecisionDialog({
  agreement,
  decision,
  onClose,
}: {
  agreement: Agreement;
  decision: Decision;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const day: DialogField = {
    name: decision === 'suspend' ? 'from' : 'on',
    label: t('agreements.effective'),
    kind: 'day',
  };
  const days: DialogField = { name: 'days', label: t('agreements.days'), kind: 'integer', initial: 180 };
  const reason: DialogField = { name: 'reason', label: t('field.reason'), kind: 'long' };
  return (
    <ActionDialog<Record<string, unknown>>
      open
      danger={decision !== 'resume'}
      title={`${t(`agreements.${decision}`)} · ${agreement.institutionName ?? ''} ${agreement.agreementNo}`}
      explain={t(`agreements.${decision}Explain`)}
      fields={decision === 'suspend' ? [day, days, reason] : [day, reason]}
      action={(values) => ({ route: `${path('/agreements/{id}', { id: agreement.id })}/${decision}`, body: values })}
      onClose={onClose}
    />
  );
}
