import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { path } from '../../api/client';
import type { RoleChange } from '../../api/model';
import { useMay, useMe } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';
import { useChoices } from '../options';
import { useRoleNames } from './role-names';

const TONES = { requested: 'wait', confirmed: 'done', refused: 'stop', withdrawn: 'quiet' } as const;
type State = keyof typeof TONES;

/** Changes of rights: asked for by one, confirmed by another. */
export default function RoleChangeList() {
  const { t } = useTranslation();
  const names = useRoleNames();
  const { values, change } = useFilters({ state: 'requested' });
  return (
    <Page title={t('menu.role-changes')} trail={[{ text: t('menu.group.system') }]} note={t('changes.note')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          {
            name: 'state',
            label: t('field.state'),
            options: useChoices('changeState', ['requested', 'confirmed', 'refused', 'withdrawn']),
          },
        ]}
      />
      <section className="panel">
        <DataTable<RoleChange>
          label={t('menu.role-changes')}
          route="/role-changes"
          query={values}
          rowKey={(row) => row.id}
          columns={[
            { title: t('changes.user'), render: (_, row) => `${row.displayName}（${row.username}）` },
            { title: t('changes.before'), render: (_, row) => names(row.rolesBefore) },
            { title: t('changes.after'), render: (_, row) => <strong>{names(row.roles)}</strong> },
            text<RoleChange>(t('changes.area'), 'areaCode'),
            text<RoleChange>(t('changes.reason'), 'reason'),
            { title: t('changes.requested'), render: (_, row) => `${row.requestedBy} ${instantText(row.requestedAt)}` },
            {
              title: t('field.state'),
              render: (_, row) => (
                <StateTag state={row.state} tone={TONES[row.state as State]} text={t(`changeState.${row.state}`)} />
              ),
            },
            { title: t('changes.decided'), render: (_, row) => decisionOf(row) },
            { title: t('table.actions'), render: (_, row) => <ChangeActions change={row} /> },
          ]}
        />
      </section>
    </Page>
  );
}

function decisionOf(row: RoleChange): string {
  if (row.decidedBy === null) return '—';
  return [row.decidedBy, instantText(row.decidedAt), row.decisionReason].filter((part) => part !== '').join(' ');
}

type Act = 'confirm' | 'refuse' | 'withdraw';

function ChangeActions({ change }: { change: RoleChange }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const names = useRoleNames();
  const [asked, setAsked] = useState<Act | null>(null);
  if (change.state !== 'requested' || change.userId === me.userId) return '—';
  const own = change.requestedById === me.userId;
  const acts: Act[] = own ? (may('identity.roles.request') ? ['withdraw'] : []) : ['confirm', 'refuse'];
  const explain = {
    confirm: t('changes.confirmExplain', {
      name: change.displayName,
      roles: names(change.roles),
      area: change.areaCode,
    }),
    refuse: undefined,
    withdraw: t('changes.withdrawExplain'),
  };
  return (
    <>
      {own ? <span className="muted">{t('changes.own')}</span> : null}
      {acts.map((act) => (
        <Button
          key={act}
          type="link"
          size="small"
          aria-label={`${t(`changes.${act}`)} ${change.username}`}
          onClick={() => {
            setAsked(act);
          }}
        >
          {t(`changes.${act}`)}
        </Button>
      ))}
      {asked === null ? null : (
        <ActionDialog
          open
          danger={asked !== 'confirm'}
          title={`${t(`changes.${asked}`)} · ${change.displayName}`}
          explain={explain[asked]}
          fields={asked === 'refuse' ? [{ name: 'reason', label: t('changes.reason'), kind: 'long' }] : []}
          action={(values) => ({
            route: path(`/role-changes/{id}/${asked}`, { id: change.id }),
            ...(asked === 'refuse' ? { body: values } : {}),
          })}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
    </>
  );
}
