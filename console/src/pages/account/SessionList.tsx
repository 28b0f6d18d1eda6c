import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { OwnSession } from '../../api/model';
import { ActionDialog } from '../../widgets/ActionDialog';
import { Loaded, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';

/** Where one is signed in, with a way to end what is not one's own. */
export function SessionList() {
  const { t } = useTranslation();
  const read = useRead<OwnSession[]>('/auth/sessions');
  const [ending, setEnding] = useState<OwnSession | null>(null);
  const device = (session: OwnSession): string => deviceName(session.device) ?? t('account.unknownDevice');
  return (
    <Panel title={t('account.sessions')}>
      <Loaded query={read}>
        {(sessions) => (
          <PlainTable<OwnSession>
            label={t('account.sessions')}
            rowKey={(session) => session.id}
            dataSource={sessions}
            columns={[
              { title: t('account.device'), render: (_, session) => device(session) },
              { title: t('account.address'), render: (_, session) => <span className="mono">{session.address}</span> },
              { title: t('account.since'), render: (_, session) => instantText(session.createdAt) },
              { title: t('account.lastUsed'), render: (_, session) => instantText(session.lastUsedAt) },
              {
                title: t('table.actions'),
                render: (_, session) =>
                  session.current ? (
                    <StateTag state="current" tone="run" text={t('account.current')} />
                  ) : (
                    <Button
                      type="link"
                      size="small"
                      aria-label={`${t('account.revoke')} ${device(session)}`}
                      onClick={() => {
                        setEnding(session);
                      }}
                    >
                      {t('account.revoke')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {ending === null ? null : (
        <ActionDialog
          open
          danger
          title={`${t('account.revoke')} · ${device(ending)}`}
          explain={t('account.revokeExplain')}
          fields={[]}
          action={() => ({ route: path('/auth/sessions/{id}/revoke', { id: ending.id }) })}
          onClose={() => {
            setEnding(null);
          }}
        />
      )}
    </Panel>
  );
}

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\/(\d+)/, 'Edge'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Chrome\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** "Chrome 141 · Windows" out of what a browser says of itself; what is not a browser shows its own first words. */
function deviceName(agent: string): string | undefined {
  const browser = BROWSERS.map(([shape, name]) => [shape.exec(agent)?.[1], name] as const).find(([found]) => found);
  const system = SYSTEMS.find(([shape]) => shape.test(agent))?.[1];
  if (browser === undefined) return agent === '' ? undefined : agent.slice(0, 40);
  return `${browser[1]} ${browser[0] ?? ''}${system === undefined ? '' : ` · ${system}`}`;
}
