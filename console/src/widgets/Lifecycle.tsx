import { Alert, Button, Timeline } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApprovalAct } from '../api/model';
import { useMay } from '../app/session';
import { ActionDialog, type DialogField } from './ActionDialog';
import { instantText } from './time';

/** One step that somebody can take on a document in a state. */
export interface LifecycleAction {
  /** Last part of the address, and key of the text under `action.` */
  key: string;
  states: readonly string[];
  permission: string;
  /** The role that takes the step, said to everybody else. */
  role: string;
  /** Must the opinion be given? `none` asks for a confirmation only. */
  opinion: 'none' | 'optional' | 'required';
  danger?: boolean;
  label?: string;
  fields?: DialogField[];
}

interface Props {
  actions: readonly LifecycleAction[];
  state: string;
  /** e.g. `/month-settlements/<id>` */
  route: string;
  subject: string;
}

/** Buttons for the steps that are open now and that this user may take. */
export function LifecycleButtons({ actions, state, route, subject }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [chosen, setChosen] = useState<LifecycleAction | null>(null);
  const open = actions.filter((action) => action.states.includes(state) && may(action.permission));
  const labelOf = (action: LifecycleAction): string => action.label ?? t(`action.${action.key}`);
  return (
    <>
      {open.map((action) => (
        <Button
          key={action.key}
          type={action.danger === true ? 'default' : 'primary'}
          danger={action.danger === true}
          onClick={() => {
            setChosen(action);
          }}
        >
          {labelOf(action)}
        </Button>
      ))}
      {chosen === null ? null : (
        <ActionDialog<Record<string, string>>
          open
          title={`${labelOf(chosen)} · ${subject}`}
          fields={fieldsOf(chosen, t('lifecycle.opinion'), t('lifecycle.opinionHelp'))}
          explain={chosen.opinion === 'none' ? t('lifecycle.confirm', { action: labelOf(chosen), subject }) : undefined}
          danger={chosen.danger === true}
          okText={labelOf(chosen)}
          action={(values) => ({ route: `${route}/${chosen.key}`, body: withoutEmpty(values) })}
          onClose={() => {
            setChosen(null);
          }}
        />
      )}
    </>
  );
}

function fieldsOf(action: LifecycleAction, label: string, help: string): DialogField[] {
  const extra = action.fields ?? [];
  if (action.opinion === 'none') return extra;
  const required = action.opinion === 'required';
  return [...extra, { name: 'opinion', label, kind: 'long', required, ...(required ? { help } : {}) }];
}

function withoutEmpty(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
}

/** Says who must act next, and why it may not be oneself. */
export function NextActor({ actions, state }: { actions: readonly LifecycleAction[]; state: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const next = actions.filter((action) => action.states.includes(state) && action.danger !== true);
  const first = next.at(0);
  if (first === undefined) return null;
  const mine = next.some((action) => may(action.permission));
  const values = { role: t(`role.${first.role}`), action: first.label ?? t(`action.${first.key}`) };
  return (
    <Alert
      style={{ marginBottom: 14 }}
      showIcon
      type={mine ? 'warning' : 'info'}
      title={
        <>
          <strong>{mine ? t('lifecycle.yours', values) : t('lifecycle.others', values)}</strong>
          <span className="muted"> {t('lifecycle.separate')}</span>
        </>
      }
    />
  );
}

/** Who did what when, with their opinions; newest last. */
export function ApprovalTimeline({
  acts,
  first,
}: {
  acts: readonly ApprovalAct[];
  first?: { text: string; at: string };
}) {
  const { t } = useTranslation();
  const items = acts.map((act) => ({
    color: act.step === 'return' ? '#a8071a' : '#237804',
    content: (
      <>
        <strong>{t(`step.${act.step}`, { defaultValue: act.step })}</strong> {act.actorName}
        <div className="muted">{instantText(act.actedAt)}</div>
        {act.opinion === '' ? null : <div>“{act.opinion}”</div>}
      </>
    ),
  }));
  const start =
    first === undefined
      ? []
      : [
          {
            color: '#0958d9',
            content: (
              <>
                {first.text}
                <div className="muted">{instantText(first.at)}</div>
              </>
            ),
          },
        ];
  if (items.length + start.length === 0) return <p className="muted">{t('lifecycle.nothing')}</p>;
  return <Timeline items={[...start, ...items]} />;
}
