import { useTranslation } from 'react-i18next';
import { ActionDialog } from '../widgets/ActionDialog';
import { useSession } from './session';

interface Passwords {
  currentPassword: string;
  newPassword: string;
}

/** Somebody who signed in with a one-time password sets an own one, and then signs in with it. */
export function NewPassword() {
  const { t } = useTranslation();
  const { signOut } = useSession();
  return (
    <ActionDialog<Passwords>
      open
      title={t('password.title')}
      explain={t('password.explain')}
      fields={[
        { name: 'currentPassword', label: t('password.current'), kind: 'password' },
        { name: 'newPassword', label: t('password.new'), kind: 'password', help: t('password.rule') },
      ]}
      action={(body) => ({ route: '/auth/password', body })}
      onClose={() => {
        void signOut();
      }}
    />
  );
}
