import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { Role, User, UserWithPassword } from '../../api/model';
import { useMay, useMe } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { state, text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { useChoices, useInstitutions } from '../options';

interface NewUser {
  username: string;
  displayName: string;
  areaCode: string;
  providerId?: string;
  roles: string[];
}

export default function UserList() {
  const { t } = useTranslation();
  const may = useMay();
  const { values, change } = useFilters({ state: '' });
  const [creating, setCreating] = useState(false);
  const [told, setTold] = useState<UserWithPassword | null>(null);
  return (
    <Page
      title={t('menu.users')}
      trail={[{ text: t('menu.group.system') }]}
      note={t('users.note')}
      extra={
        may('identity.users.write') ? (
          <Button
            type="primary"
            onClick={() => {
              setCreating(true);
            }}
          >
            {t('users.create')}
          </Button>
        ) : null
      }
    >
      {told === null ? null : (
        <Alert
          type="warning"
          showIcon
          closable={{
            onClose: () => {
              setTold(null);
            },
          }}
          style={{ marginBottom: 14 }}
          title={t('users.told', { name: told.username })}
          description={<code>{told.oneTimePassword}</code>}
        />
      )}
      <FilterBar
        values={values}
        onChange={change}
        filters={[{ name: 'state', label: t('field.state'), options: useChoices('state', ['active', 'disabled']) }]}
      />
      <section className="panel">
        <DataTable<User>
          label={t('menu.users')}
          route="/users"
          query={values}
          rowKey={(user) => user.id}
          columns={[
            text<User>(t('signIn.username'), 'username'),
            text<User>(t('field.name'), 'displayName'),
            {
              title: t('users.roles'),
              render: (_, user) => user.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join('、'),
            },
            text<User>(t('field.areaCode'), 'areaCode'),
            state<User>(t('field.state'), 'state'),
            {
              title: t('table.actions'),
              render: (_, user) => (may('identity.users.write') ? <UserActions user={user} onTold={setTold} /> : '—'),
            },
          ]}
        />
      </section>
      <CreateDialog
        open={creating}
        onTold={setTold}
        onClose={() => {
          setCreating(false);
        }}
      />
    </Page>
  );
}

function CreateDialog({
  open,
  onTold,
  onClose,
}: {
  open: boolean;
  onTold: (user: UserWithPassword) => void;
  onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const roles = useRead<Role[]>(open ? '/roles' : null);
  const institutions = useInstitutions();
  return (
    <ActionDialog<NewUser>
      open={open}
      title={t('users.create')}
      explain={t('users.createExplain')}
      fields={[
        { name: 'username', label: t('signIn.username'), help: t('users.usernameHelp') },
        { name: 'displayName', label: t('field.name') },
        { name: 'areaCode', label: t('field.areaCode'), initial: me.poolArea },
        {
          name: 'roles',
          label: t('users.roles'),
          multiple: true,
          options: (roles.data ?? []).map((role) => ({
            value: role.code,
            label: i18n.language === 'en' ? role.en : role.zh,
          })),
        },
        { name: 'providerId', label: t('users.provider'), options: institutions, required: false },
      ]}
      action={(values) => ({ route: '/users', body: values })}
      onDone={(answer) => {
        onTold(answer as UserWithPassword);
      }}
      onClose={onClose}
    />
  );
}

function UserActions({ user, onTold }: { user: User; onTold: (user: UserWithPassword) => void }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<'disable' | 'enable' | 'reset-password' | null>(null);
  const open = [user.state === 'active' ? 'disable' : 'enable', 'reset-password'] as const;
  return (
    <>
      {open.map((key) => (
        <Button
          key={key}
          type="link"
          size="small"
          aria-label={`${t(`users.${key}`)} ${user.username}`}
          onClick={() => {
            setAsked(key);
          }}
        >
          {t(`users.${key}`)}
        </Button>
      ))}
      {asked === null ? null : (
        <ActionDialog
          open
          danger={asked !== 'enable'}
          title={`${t(`users.${asked}`)} · ${user.displayName}`}
          explain={t(`users.${asked}Explain`)}
          fields={[]}
          action={() => ({ route: `${path('/users/{id}', { id: user.id })}/${asked}` })}
          onDone={(answer) => {
            if (asked === 'reset-password') onTold(answer as UserWithPassword);
          }}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
    </>
  );
}
