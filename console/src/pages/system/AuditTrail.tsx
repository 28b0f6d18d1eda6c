import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { download } from '../../api/client';
import type { AuditEvent } from '../../api/model';
import { asProblem, type Problem } from '../../api/problem';
import { text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { ErrorPanel } from '../../widgets/ErrorPanel';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';
import { ChainPanel, useChainWords } from './ChainPanel';

const TONES = { change: 'run', look: 'quiet', access: 'wait' } as const;

export default function AuditTrail() {
  const { t } = useTranslation();
  const { values, change } = useFilters({
    ...{ personId: '', actorName: '', kind: '', action: '', subjectKind: '', subjectId: '', from: '', before: '' },
  });
  const word = useChainWords();
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <Page title={t('menu.audit-events')} trail={[{ text: t('menu.group.system') }]} note={t('audit.note')}>
      <ChainPanel />
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'personId', label: t('audit.personId'), width: 220 },
          { name: 'actorName', label: word('actorName'), width: 120 },
          {
            name: 'kind',
            label: word('kind'),
            width: 130,
            options: ['change', 'look', 'access'].map((value) => ({ value, label: t(`auditKind.${value}`) })),
          },
          { name: 'action', label: word('wanted'), width: 200 },
          { name: 'subjectKind', label: t('audit.subjectKind') },
          { name: 'subjectId', label: t('audit.subjectId'), width: 220 },
          { name: 'from', label: t('audit.from'), kind: 'day', width: 130 },
          { name: 'before', label: t('audit.before'), kind: 'day', width: 130 },
        ]}
        extra={
          <Button
            icon={<DownloadOutlined />}
            onClick={() => {
              setProblem(null);
              download('/audit-events/export.csv', 'audit-events.csv', values).catch((thrown: unknown) => {
                setProblem(asProblem(thrown));
              });
            }}
          >
            {word('csv')}
          </Button>
        }
      />
      {problem === null ? null : <ErrorPanel problem={problem} />}
      <section className="panel">
        <DataTable<AuditEvent>
          label={t('menu.audit-events')}
          route="/audit-events"
          query={values}
          rowKey={(event) => event.id}
          columns={[
            { title: t('audit.at'), render: (_, event) => instantText(event.at) },
            {
              title: t('audit.actor'),
              render: (_, event) => actorText(event, t),
            },
            {
              title: t('audit.kind'),
              render: (_, event) => (
                <StateTag
                  state={event.kind}
                  text={t(`auditKind.${event.kind}`)}
                  tone={TONES[event.kind as keyof typeof TONES]}
                />
              ),
            },
            text<AuditEvent>(t('audit.action'), 'action'),
            { title: t('audit.subject'), render: (_, event) => `${event.subjectKind} ${event.subjectId}` },
            {
              title: t('audit.details'),
              render: (_, event) => <Details details={event.details} />,
            },
            { title: t('error.trace'), render: (_, event) => <span className="mono">{event.traceId ?? '—'}</span> },
          ]}
        />
      </section>
    </Page>
  );
}

function actorText({ actorName, actorRoles }: AuditEvent, t: TFunction): string {
  const roles = actorRoles.map((role) => t(`role.${role}`, { defaultValue: role }));
  return roles.length === 0 ? actorName : `${actorName}（${roles.join('、')}）`;
}

function Details({ details }: { details: Record<string, unknown> }) {
  const parts = Object.entries(details);
  if (parts.length === 0) return '—';
  return (
    <div style={{ whiteSpace: 'normal', overflowWrap: 'anywhere', minWidth: 220, maxWidth: 420 }}>
      {parts.map(([name, value]) => (
        <div key={name}>
          <span className="muted">{name}</span> {typeof value === 'string' ? value : JSON.stringify(value)}
        </div>
      ))}
    </div>
  );
}
