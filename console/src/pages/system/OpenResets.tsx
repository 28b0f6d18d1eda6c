import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { CredentialReset, ResetConfirmation } from '../../api/model';
import { useMay } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { text } from '../../widgets/columns';
import type { PageOf } from '../../widgets/DataTable';
import { Loaded, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';
import { ToldCode } from './ToldCode';

const SHOWN = 200;

/** New accounts and resets under way: started by the system administrator, confirmed by the security administrator. */
export function OpenResets() {
  const { t } = useTranslation();
  const read = useRead<PageOf<CredentialReset>>('/credential-resets', { limit: SHOWN });
  const [told, setTold] = useState<ResetConfirmation | null>(null);
  return (
    <>
      {told === null ? null : (
        <ToldCode
          title={t('resets.told', { name: told.username, until: instantText(told.expiresAt) })}
          code={told.confirmation}
          note={t('resets.toldNote')}
          onClose={() => {
            setTold(null);
          }}
        />
      )}
      <Panel title={t('resets.title')}>
        <Loaded query={read}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="muted">{t('resets.none')}</p>
            ) : (
              <ResetTable items={items} onTold={setTold} />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

function ResetTable({
  items,
  onTold,
}: {
  items: CredentialReset[];
  onTold: (confirmation: ResetConfirmation) => void;
}) {
  const { t } = useTranslation();
  return (
    <PlainTable<CredentialReset>
      label={t('resets.title')}
      rowKey={(reset) => reset.id}
      dataSource={items}
      columns={[
        text<CredentialReset>(t('signIn.username'), 'username'),
        text<CredentialReset>(t('field.name'), 'displayName'),
        { title: t('resets.kind'), render: (_, reset) => t(`resetKind.${reset.kind}`) },
        {
          title: t('resets.startedBy'),
          render: (_, reset) => `${reset.startedBy} ${instantText(reset.startedAt)}`,
        },
        { title: t('resets.until'), render: (_, reset) => instantText(reset.expiresAt) },
        {
          title: t('field.state'),
          render: (_, reset) =>
            reset.confirmedBy === null ? (
              <StateTag state="pending" text={t('resets.waits')} />
            ) : (
              <StateTag state="done" text={t('resets.confirmed', { by: reset.confirmedBy })} />
            ),
        },
        { title: t('table.actions'), render: (_, reset) => <ResetActions reset={reset} onTold={onTold} /> },
      ]}
    />
  );
}

function ResetActions({
  reset,
  onTold,
}: {
  reset: CredentialReset;
  onTold: (confirmation: ResetConfirmation) => void;
}) {
  const { t } = useTranslation();
  const may = useMay();
  const [asked, setAsked] = useState<'confirm' | 'cancel' | null>(null);
  const open =
    reset.confirmedBy === null && may('identity.resets.confirm')
      ? (['confirm', 'cancel'] as const)
      : (['cancel'] as const);
  return (
    <>
      {open.map((key) => (
        <Button
          key={key}
          type="link"
          size="small"
          aria-label={`${t(`resets.${key}`)} ${reset.username}`}
          onClick={() => {
            setAsked(key);
          }}
        >
          {t(`resets.${key}`)}
        </Button>
      ))}
      {asked === null ? null : (
        <ActionDialog
          open
          danger={asked === 'cancel'}
          title={`${t(`resets.${asked}`)} · ${reset.displayName}`}
          explain={t(`resets.${asked}Explain`)}
          fields={[]}
          action={() => ({ route: path(`/credential-resets/{id}/${asked}`, { id: reset.id }) })}
          onDone={(answer) => {
            if (asked === 'confirm') onTold(answer as ResetConfirmation);
          }}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
    </>
  );
}
