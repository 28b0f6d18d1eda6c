import { useTranslation } from 'react-i18next';
import { EnrolFactor } from '../pages/account/EnrolFactor';
import { ProofHost } from '../pages/account/ProofHost';
import { ActionDialog } from '../widgets/ActionDialog';
import { useMe, useSession } from './session';

interface Passwords {
  currentPassword: string;
  newPassword: string;
}

/** What comes before everything else: a password that has expired, or a second factor that is still missing. */
export default function FirstSteps() {
  const { t } = useTranslation();
  const { renew, signOut } = useSession();
  const me = useMe();
  if (!me.mustChangePassword) {
    return (
      <main className="first-step">
        <h1>{t('enrol.title')}</h1>
        <p>{t('enrol.must')}</p>
        <ProofHost />
        <EnrolFactor onDone={() => void renew()} onCancel={() => void signOut()} cancelText={t('enrol.later')} />
      </main>
    );
  }
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
      onDone={() => void renew()}
      onClose={() => void signOut()}
    />
  );
}
