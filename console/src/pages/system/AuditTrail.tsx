import { useTranslation } from 'react-i18next';
import type { AuditEvent } from '../../api/model';
import { text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';

const TONES = { change: 'run', look: 'quiet', access: 'wait' } as const;

export default function AuditTrail() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ subjectKind: '', subjectId: '', personId: '', from: '', before: '' });
  return (
    <Page title={t('menu.audit-events')} trail={[{ text: t('menu.group.system') }]} note={t('audit.note')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'subjectKind', label: t('audit.subjectKind') },
          { name: 'subjectId', label: t('audit.subjectId'), width: 220 },
          { name: 'personId', label: t('audit.personId'), width: 220 },
          { name: 'from', label: t('audit.from'), kind: 'day', width: 130 },
          { name: 'before', label: t('audit.before'), kind: 'day', width: 130 },
        ]}
      />
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
              render: (_, event) =>
                `${event.actorName}（${event.actorRoles.map((role) => t(`role.${role}`, { defaultValue: role })).join('、')}）`,
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
