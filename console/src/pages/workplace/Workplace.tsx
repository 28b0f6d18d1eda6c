import { Button, Empty, Grid } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useRead } from '../../api/hooks';
import type { Workplace as Facts } from '../../api/model';
import { useMay, useMe } from '../../app/session';
import { BudgetProgress } from '../../widgets/BudgetProgress';
import { MoneyText } from '../../widgets/MoneyText';
import { Figure, Loaded, Page, Panel } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';

type Todo = Facts['todo'][number];
type Warning = Facts['warnings'][number];
type KeyFigure = Facts['figures'][number];

const ADDRESS: Record<string, string> = {
  'month-settlement': '/month-settlements/',
  clearing: '/clearings/',
  budget: '/budgets/',
  'payment-order': '/payment-orders/',
  'discharge-import': '/discharge-imports/',
};

const QUICK: { to: string; key: string; permission: string }[] = [
  { to: '/month-settlements', key: 'month-settlements', permission: 'payment.month.read' },
  { to: '/discharge-imports', key: 'discharge-imports', permission: 'exchange.import' },
  { to: '/reports/year-table', key: 'year-table', permission: 'reporting.read' },
  { to: '/payment-orders', key: 'payment-orders', permission: 'payment.order.read' },
  { to: '/settlements', key: 'settlements', permission: 'claims.read' },
  { to: '/persons', key: 'persons', permission: 'enrollment.read' },
  { to: '/ledger/trial-balance', key: 'trial-balance', permission: 'ledger.read' },
  { to: '/audit-events', key: 'audit-events', permission: 'identity.audit.read' },
  { to: '/users', key: 'users', permission: 'identity.users.read' },
  { to: '/role-changes', key: 'role-changes', permission: 'identity.roles.confirm' },
  { to: '/jobs', key: 'jobs', permission: 'jobs.read' },
];

export default function Workplace() {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  // An administrator has no business to do; what remains are the ways to their own pages.
  const read = useRead<Facts>(may('reporting.workplace') ? '/reports/workplace' : null);
  return (
    <Page
      title={t('menu.workplace')}
      note={t('workplace.greeting', {
        name: me.displayName,
        roles: me.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join('、'),
      })}
    >
      {may('reporting.workplace') ? (
        <Loaded query={read}>{(facts) => <Desk facts={facts} />}</Loaded>
      ) : (
        <QuickEntries />
      )}
    </Page>
  );
}

function Desk({ facts }: { facts: Facts }) {
  const { t } = useTranslation();
  return (
    <>
      <KeyFigures facts={facts} />
      <div className="split">
        <div>
          <Panel title={t('workplace.todo', { count: facts.todo.length })}>
            {facts.todo.length === 0 ? (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('workplace.nothing')} />
            ) : null}
            {facts.todo.map((todo) => (
              <TodoRow key={`${todo.kind}-${todo.id}`} todo={todo} />
            ))}
          </Panel>
        </div>
        <div>
          <QuickEntries />
          <Warnings facts={facts} />
        </div>
      </div>
    </>
  );
}

function KeyFigures({ facts }: { facts: Facts }) {
  const { t } = useTranslation();
  const phone = Grid.useBreakpoint().md !== true;
  const closed = facts.closedMonths
    .map((row) => `${t(`scheme.${row.scheme}`)} ${row.month ?? t('workplace.noneClosed')}`)
    .join('；');
  return (
    <>
      <p className="muted">
        {t('asOf', { time: instantText(facts.asOf) })}
        {closed === '' ? '' : ` · ${t('workplace.closedUpTo')} ${closed}`}
      </p>
      <div className="figures">
        {facts.figures.map((figure) => (
          <Figure
            key={`${figure.code}-${figure.scheme ?? ''}`}
            name={`${figure.scheme === null ? '' : `${t(`scheme.${figure.scheme}`)} `}${t(`figure.${figure.code}`)}`}
            value={figureValue(figure, phone)}
          />
        ))}
      </div>
    </>
  );
}

function figureValue(figure: KeyFigure, phone: boolean): ReactNode {
  if (figure.amount !== null) return <MoneyText value={figure.amount} unit={!phone} short={phone} />;
  return figure.count === null ? '—' : figure.count.toLocaleString('en-US');
}

function TodoRow({ todo }: { todo: Todo }) {
  const { t } = useTranslation();
  const name = `${todo.period} ${todo.scheme === null ? '' : t(`scheme.${todo.scheme}`)} ${t(`todo.${todo.kind}`)}`;
  return (
    <div className="todo">
      <div className="todo-text">
        <Link to={`${ADDRESS[todo.kind] ?? '/'}${todo.id}`}>{name}</Link>
        {todo.since === null ? null : (
          <div className="muted">{t('workplace.since', { time: instantText(todo.since) })}</div>
        )}
      </div>
      {todo.amount === null ? null : <MoneyText value={todo.amount} unit />}
      <StateTag state={todo.state} />
    </div>
  );
}

const FIRST_WARNINGS = 6;

/** The worst first, as the server sends them; the rest on demand. */
function Warnings({ facts }: { facts: Facts }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all ? facts.warnings : facts.warnings.slice(0, FIRST_WARNINGS);
  return (
    <Panel title={t('workplace.warnings', { count: facts.warnings.length })}>
      {shown.length === 0 ? <p className="muted">{t('workplace.noWarnings')}</p> : null}
      {shown.map((warning) => (
        <WarningRow key={`${warning.code}-${warning.scheme ?? ''}-${warning.subject}`} warning={warning} />
      ))}
      {facts.warnings.length > shown.length ? (
        <Button
          type="link"
          onClick={() => {
            setAll(true);
          }}
        >
          {t('workplace.allWarnings', { count: facts.warnings.length })}
        </Button>
      ) : null}
    </Panel>
  );
}

function WarningRow({ warning }: { warning: Warning }) {
  const { t } = useTranslation();
  return (
    <div className="todo">
      <div className="todo-text">
        <StateTag state="warning" tone="stop" text={t(`warning.${warning.code}`, { defaultValue: warning.code })} />{' '}
        {warning.scheme === null ? '' : `${t(`scheme.${warning.scheme}`)} · `}
        {warning.subject}
      </div>
      {warning.used === null ? null : <BudgetProgress used={warning.used} budget={warning.budget} />}
    </div>
  );
}

function QuickEntries() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <Panel title={t('workplace.quick')}>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        {QUICK.filter((entry) => may(entry.permission)).map((entry) => (
          <Link key={entry.to} to={entry.to} className="quick">
            {t(`menu.${entry.key}`)}
          </Link>
        ))}
      </div>
    </Panel>
  );
}
