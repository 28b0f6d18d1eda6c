import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResetCode, User, UserWithCode } from '../../api/model';
import { useMay, useMe } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';
import { useChoices } from '../options';
import { OpenResets } from './OpenResets';
import { ToldCode } from './ToldCode';
import { useRoleNames } from './role-names';
import { UserActions } from './UserActions';

interface NewUser {
  username: string;
  displayName: string;
  areaCode: string;
}

interface Told {
  name: string;
  code: string;
  until: string;
}

/** Accounts: kept by the system administrator, given rights by the security administrator. */
export default function UserList() {
  const { t } = useTranslation();
  const may = useMay();
  const names = useRoleNames();
  const { values, change } = useFilters({ state: '' });
  const [creating, setCreating] = useState(false);
  const [told, setTold] = useState<Told | null>(null);
  const tell = (name: string, { code, expiresAt }: ResetCode): void => {
    setTold({ name, code, until: expiresAt });
  };
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
        <ToldCode
          title={t('users.told', { name: told.name, until: instantText(told.until) })}
          code={told.code}
          note={t('users.toldNote')}
          onClose={() => {
            setTold(null);
          }}
        />
      )}
      {may('identity.resets.read') ? <OpenResets /> : null}
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
            { title: t('users.roles'), render: (_, user) => names(user.roles) },
            text<User>(t('field.areaCode'), 'areaCode'),
            { title: t('field.state'), render: (_, user) => <UserState user={user} /> },
            { title: t('users.factor'), render: (_, user) => t(user.hasFactor ? 'users.bound' : 'users.notBound') },
            { title: t('table.actions'), render: (_, user) => <UserActions user={user} onTold={tell} /> },
          ]}
        />
      </section>
      <CreateDialog
        open={creating}
        onTold={(user) => {
          setTold({ name: user.username, code: user.code, until: user.codeExpiresAt });
        }}
        onClose={() => {
          setCreating(false);
        }}
      />
    </Page>
  );
}

function UserState({ user }: { user: User }) {
  const { t } = useTranslation();
  if (user.state === 'active' && !user.activated) {
    return <StateTag state="waiting" tone="wait" text={t('users.notActivated')} />;
  }
  return <StateTag state={user.state} />;
}

function CreateDialog({
  open,
  onTold,
  onClose,
}: {
  open: boolean;
  onTold: (user: UserWithCode) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <ActionDialog<NewUser>
      open={open}
      title={t('users.create')}
      explain={t('users.createExplain')}
      fields={[
        { name: 'username', label: t('signIn.username'), help: t('users.usernameHelp') },
        { name: 'displayName', label: t('field.name') },
        { name: 'areaCode', label: t('field.areaCode'), initial: me.areaCodes[0] ?? me.poolArea },
      ]}
      action={(values) => ({ route: '/users', body: values })}
      onDone={(answer) => {
        onTold(answer as UserWithCode);
      }}
      onClose={onClose}
    />
  );
}
