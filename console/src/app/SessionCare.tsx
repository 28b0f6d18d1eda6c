import { Alert, Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useRead } from '../api/hooks';
import type { OwnSecurity } from '../api/model';
import { ProofHost } from '../pages/account/ProofHost';
import { instantText } from '../widgets/time';
import { useSession } from './session';

const CHECK_MS = 15_000;
const MINUTE_MS = 60_000;

/** What goes along with every page of a session: notices on the own account, the dialog for proofs, the end by idleness. */
export default function SessionCare() {
  const read = useRead<OwnSecurity>('/auth/security');
  useIdleEnd(read.data?.idleMinutes);
  return (
    <>
      <ProofHost />
      {read.data === undefined ? null : <Notices notices={read.data.notices} />}
    </>
  );
}

function Notices({ notices }: { notices: OwnSecurity['notices'] }) {
  const { t } = useTranslation();
  const act = useAct();
  if (notices.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      style={{ marginBottom: 14 }}
      title={t('notices.title')}
      description={
        <>
          <ul style={{ margin: '4px 0', paddingInlineStart: 20 }}>
            {notices.map((notice) => (
              <li key={notice.id}>
                {instantText(notice.at)} {t(`notice.${notice.kind}`, { defaultValue: notice.kind })} {factsOf(notice)}
              </li>
            ))}
          </ul>
          {t('notices.notYou')}
        </>
      }
      action={
        <Button
          loading={act.isPending}
          onClick={() => {
            act.mutate({ route: '/auth/notices/seen' });
          }}
        >
          {t('notices.seen')}
        </Button>
      }
    />
  );
}

// Who and from where: the names and the address, in the order of the acts; codes mean nothing to the reader.
function factsOf({ details }: OwnSecurity['notices'][number]): string {
  const facts = ['by', 'startedBy', 'requestedBy', 'confirmedBy', 'address'].map((name) => details[name]);
  const known = facts.filter((fact) => typeof fact === 'string');
  return known.length === 0 ? '' : `（${known.join('，')}）`;
}

/** Signs out when nobody has touched the page for as long as the server keeps an unused session: polling pages would keep it. */
function useIdleEnd(minutes: number | undefined): void {
  const { signOut } = useSession();
  useEffect(() => {
    if (minutes === undefined) return;
    let last = Date.now();
    const touch = (): void => {
      last = Date.now();
    };
    const check = setInterval(() => {
      if (Date.now() - last > minutes * MINUTE_MS) void signOut();
    }, CHECK_MS);
    window.addEventListener('pointerdown', touch);
    window.addEventListener('keydown', touch);
    return () => {
      clearInterval(check);
      window.removeEventListener('pointerdown', touch);
      window.removeEventListener('keydown', touch);
    };
  }, [minutes, signOut]);
}
