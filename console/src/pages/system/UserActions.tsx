import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { ResetCode, Role, User } from '../../api/model';
import { useMay, useMe } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { useInstitutions } from '../options';

interface Wish {
  roles: string[];
  areaCode: string;
  providerId?: string;
  reason: string;
}

type Act = 'disable' | 'enable' | 'reset' | 'change';
type OnTold = (name: string, code: ResetCode) => void;

/** What an administrator may do with one account; nothing with the own one. */
export function UserActions({ user, onTold }: { user: User; onTold: OnTold }) {
  const { t } = useTranslation();
  const may = useMay();
  const me = useMe();
  const [asked, setAsked] = useState<Act | null>(null);
  const acts: Act[] = [];
  if (may('identity.users.write')) acts.push(user.state === 'active' ? 'disable' : 'enable');
  if (may('identity.users.reset') && user.state === 'active') acts.push('reset');
  if (may('identity.roles.request')) acts.push('change');
  if (user.id === me.userId || acts.length === 0) return '—';
  const close = (): void => {
    setAsked(null);
  };
  return (
    <>
      {acts.map((act) => (
        <Button
          key={act}
          type="link"
          size="small"
          aria-label={`${t(`users.${act}`)} ${user.username}`}
          onClick={() => {
            setAsked(act);
          }}
        >
          {t(`users.${act}`)}
        </Button>
      ))}
      {asked === 'reset' ? <ResetDialog user={user} onTold={onTold} onClose={close} /> : null}
      {asked === 'change' ? <ChangeDialog user={user} onClose={close} /> : null}
      {asked === 'disable' || asked === 'enable' ? (
        <ActionDialog
          open
          danger={asked === 'disable'}
          title={`${t(`users.${asked}`)} · ${user.displayName}`}
          explain={t(`users.${asked}Explain`)}
          fields={[]}
          action={() => ({ route: path(`/users/{id}/${asked}`, { id: user.id }) })}
          onClose={close}
        />
      ) : null}
    </>
  );
}

function ResetDialog({ user, onTold, onClose }: { user: User; onTold: OnTold; onClose: () => void }) {
  const { t } = useTranslation();
  const kinds = ['password', 'second-factor'].map((kind) => ({ value: kind, label: t(`resetKind.${kind}`) }));
  return (
    <ActionDialog<{ kind?: string }>
      open
      danger
      title={`${t('users.reset')} · ${user.displayName}`}
      explain={t('users.resetExplain')}
      fields={
        user.activated ? [{ name: 'kind', label: t('users.resetKind'), options: kinds, initial: 'password' }] : []
      }
      action={({ kind = 'password' }) => ({
        route: path('/users/{id}/credential-resets', { id: user.id }),
        body: { kind },
      })}
      onDone={(answer) => {
        onTold(user.username, answer as ResetCode);
      }}
      onClose={onClose}
    />
  );
}

function ChangeDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const roles = useRead<Role[]>('/roles');
  const institutions = useInstitutions();
  return (
    <ActionDialog<Wish>
      open
      title={`${t('users.change')} · ${user.displayName}`}
      explain={t('users.changeExplain')}
      fields={[
        {
          name: 'roles',
          label: t('users.roles'),
          multiple: true,
          required: false,
          initial: [...user.roles],
          options: (roles.data ?? []).map((role) => ({
            value: role.code,
            label: i18n.language === 'en' ? role.en : role.zh,
          })),
        },
        { name: 'areaCode', label: t('changes.area'), initial: user.areaCode },
        {
          name: 'providerId',
          label: t('users.provider'),
          options: institutions,
          required: false,
          ...(user.providerId === null ? {} : { initial: user.providerId }),
        },
        { name: 'reason', label: t('users.reason'), kind: 'long' },
      ]}
      action={(wish) => ({
        route: path('/users/{id}/role-changes', { id: user.id }),
        body: { ...wish, roles: wish.roles ?? [], version: user.version },
      })}
      onClose={onClose}
    />
  );
}
