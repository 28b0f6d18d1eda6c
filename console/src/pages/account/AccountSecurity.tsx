import { Button, Descriptions } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../api/hooks';
import type { OwnSecurity, RecoveryCodes } from '../../api/model';
import { useSession } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { Loaded, Page, Panel } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';
import { EnrolFactor } from './EnrolFactor';
import { RecoveryCodeList } from './RecoveryCodeList';
import { SessionList } from './SessionList';

const FEW_CODES = 3;

/** What one sees and changes of the own account: password, authenticator, sessions. */
export default function AccountSecurity() {
  const { t } = useTranslation();
  const read = useRead<OwnSecurity>('/auth/security');
  return (
    <Page title={t('account.title')} note={t('account.note')}>
      <Loaded query={read}>
        {(own) => (
          <>
            <Password own={own} />
            <Factor own={own} onChanged={() => void read.refetch()} />
          </>
        )}
      </Loaded>
      <SessionList />
    </Page>
  );
}

function Password({ own }: { own: OwnSecurity }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const ends = own.passwordEndsAt === null ? t('account.never') : instantText(own.passwordEndsAt);
  return (
    <Panel
      title={t('account.passwordPanel')}
      extra={
        <Button
          onClick={() => {
            setAsked(true);
          }}
        >
          {t('account.changePassword')}
        </Button>
      }
    >
      <Descriptions
        column={{ xs: 1, md: 2 }}
        items={[
          { key: 'changed', label: t('account.passwordChanged'), children: instantText(own.passwordChangedAt) },
          { key: 'ends', label: t('account.passwordEnds'), children: ends },
        ]}
      />
      <ActionDialog
        open={asked}
        title={t('password.title')}
        explain={t('password.own')}
        fields={[
          { name: 'currentPassword', label: t('password.current'), kind: 'password' },
          { name: 'newPassword', label: t('password.new'), kind: 'password', help: t('password.rule') },
        ]}
        action={(body) => ({ route: '/auth/password', body })}
        onClose={() => {
          setAsked(false);
        }}
      />
    </Panel>
  );
}

function Factor({ own, onChanged }: { own: OwnSecurity; onChanged: () => void }) {
  const { t } = useTranslation();
  const { renew } = useSession();
  const [step, setStep] = useState<'shown' | 'enrol' | 'ask-codes'>('shown');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const end = (): void => {
    setStep('shown');
    setCodes(null);
    onChanged();
    void renew();
  };
  const active = own.factorEnrolledAt !== null;
  return (
    <Panel
      title={t('account.factorPanel')}
      extra={
        step === 'shown' && codes === null ? (
          <FactorActions active={active} onEnrol={() => setStep('enrol')} onCodes={() => setStep('ask-codes')} />
        ) : null
      }
    >
      {step === 'enrol' ? <EnrolFactor onDone={end} onCancel={end} cancelText={t('action.cancel')} /> : null}
      {codes === null ? null : <RecoveryCodeList codes={codes} onKept={end} />}
      {step === 'enrol' || codes !== null ? null : <FactorState own={own} />}
      <ActionDialog
        open={step === 'ask-codes'}
        title={t('account.newCodes')}
        explain={t('account.newCodesExplain')}
        fields={[]}
        action={() => ({ route: '/auth/second-factor/recovery-codes' })}
        onDone={(answer) => {
          setCodes((answer as RecoveryCodes).codes);
        }}
        onClose={() => {
          setStep('shown');
        }}
      />
    </Panel>
  );
}

function FactorActions({ active, onEnrol, onCodes }: { active: boolean; onEnrol: () => void; onCodes: () => void }) {
  const { t } = useTranslation();
  return (
    <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
      {active ? <Button onClick={onCodes}>{t('account.newCodes')}</Button> : null}
      <Button type={active ? 'default' : 'primary'} onClick={onEnrol}>
        {t(active ? 'account.replace' : 'account.enrol')}
      </Button>
    </div>
  );
}

function FactorState({ own }: { own: OwnSecurity }) {
  const { t } = useTranslation();
  if (own.factorEnrolledAt === null) {
    return (
      <p>
        <StateTag state="off" tone="quiet" text={t('account.factorOff')} />{' '}
        <span className="muted">{t('account.factorOffNote')}</span>
      </p>
    );
  }
  const few = own.recoveryCodesLeft <= FEW_CODES;
  return (
    <>
      <Descriptions
        column={{ xs: 1, md: 3 }}
        items={[
          {
            key: 'state',
            label: t('field.state'),
            children: <StateTag state="on" tone="done" text={t('account.factorOn')} />,
          },
          { key: 'at', label: t('account.enrolledAt'), children: instantText(own.factorEnrolledAt) },
          { key: 'left', label: t('account.codesLeft'), children: String(own.recoveryCodesLeft) },
        ]}
      />
      {few ? <StateTag state="few" tone="wait" text={t('account.codesLow')} /> : null}
    </>
  );
}
