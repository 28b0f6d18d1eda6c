import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { path } from '../../api/client';
import { useAct, useRead } from '../../api/hooks';
import type { MonthDetail as Detail, MonthLine } from '../../api/model';
import { useMay } from '../../app/session';
import { ErrorPanel } from '../../widgets/ErrorPanel';
import { ApprovalTimeline, LifecycleButtons, NextActor } from '../../widgets/Lifecycle';
import { MoneyText } from '../../widgets/MoneyText';
import { Figure, Loaded, Page, Panel } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { instantText } from '../../widgets/time';
import { AdjustDialog } from './AdjustDialog';
import { MonthLines } from './MonthLines';
import { MonthSheetDrawer } from './MonthSheetDrawer';
import { MONTH_STEPS } from './steps';

const POLL_MS = 2000;

export default function MonthDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const route = path('/month-settlements/{id}', { id });
  const [running, setRunning] = useState(false);
  const read = useRead<Detail>(route, {}, running ? POLL_MS : undefined);
  const isRunning = read.data?.state === 'running';
  if (isRunning !== running && read.data !== undefined) setRunning(isRunning);
  const title =
    read.data === undefined
      ? t('menu.month-settlements')
      : `${read.data.month} ${t(`scheme.${read.data.scheme}`)} ${t('menu.month-settlements')}`;
  return (
    <Page
      title={title}
      trail={[{ text: t('menu.group.payment') }, { text: t('menu.month-settlements'), to: '/month-settlements' }]}
      labels={read.data === undefined ? null : <Labels run={read.data} />}
      extra={read.data === undefined ? null : <Steps run={read.data} route={route} subject={title} />}
    >
      <Loaded query={read}>{(run) => <Run run={run} route={route} />}</Loaded>
    </Page>
  );
}

function Labels({ run }: { run: Detail }) {
  const { t } = useTranslation();
  return (
    <>
      <StateTag state={run.state} />
      {run.state === 'closed' ? (
        <span className="muted">{t('months.closedBy', { on: run.closedOn, by: run.closedBy })}</span>
      ) : (
        <StateTag state="open" />
      )}
    </>
  );
}

function Steps({ run, route, subject }: { run: Detail; route: string; subject: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const act = useAct();
  const again = may('payment.month.prepare') && ['trial', 'returned'].includes(run.state);
  return (
    <>
      {again ? (
        <Button
          loading={act.isPending}
          onClick={() => {
            act.mutate({
              route: '/month-settlements',
              body: { scheme: run.scheme, month: run.month, recompute: true },
            });
          }}
        >
          {t('months.again')}
        </Button>
      ) : null}
      {act.error === null ? null : <ErrorPanel problem={act.error} />}
      <LifecycleButtons actions={MONTH_STEPS} state={run.state} route={route} subject={subject} />
    </>
  );
}

function Run({ run, route }: { run: Detail; route: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [sheet, setSheet] = useState<MonthLine | null>(null);
  const [adjusting, setAdjusting] = useState<MonthLine | null>(null);
  const adjustable = may('payment.month.prepare') && ['trial', 'returned'].includes(run.state);
  const odd = run.lines.filter((line) => line.exceptions.length > 0);
  return (
    <>
      {run.state === 'running' ? (
        <Alert
          type="info"
          showIcon
          style={{ marginBottom: 14 }}
          title={t('months.running')}
          description={t('months.runningNote')}
        />
      ) : (
        <NextActor actions={MONTH_STEPS} state={run.state} />
      )}
      <Totals run={run} odd={odd.length} />
      <MonthLines run={run} onHow={setSheet} {...(adjustable ? { onAdjust: setAdjusting } : {})} />
      <div className="split">
        <Panel title={t('months.basis')}>
          <p>
            {t('computed.version')} <span className="mono">{run.policyVersion}</span>
          </p>
          {run.snapshotHash === null ? null : (
            <p>
              {t('months.snapshot')}{' '}
              <span className="mono" style={{ overflowWrap: 'anywhere' }}>
                {run.snapshotHash}
              </span>
            </p>
          )}
          <p>
            <Link to={`/settlements?month=${run.month}&scheme=${run.scheme}`}>{t('months.toSettlements')}</Link>
            {' · '}
            <Link to={`/payment-orders?sourceId=${run.id}`}>{t('months.toOrders')}</Link>
          </p>
        </Panel>
        <Panel title={t('lifecycle.timeline')}>
          <ApprovalTimeline
            acts={run.timeline}
            first={{ text: t('months.started', { by: run.startedBy }), at: run.createdAt }}
          />
        </Panel>
      </div>
      <MonthSheetDrawer
        run={run}
        line={sheet}
        onClose={() => {
          setSheet(null);
        }}
      />
      {adjusting === null ? null : (
        <AdjustDialog
          route={route}
          line={adjusting}
          onClose={() => {
            setAdjusting(null);
          }}
        />
      )}
    </>
  );
}

function Totals({ run, odd }: { run: Detail; odd: number }) {
  const { t } = useTranslation();
  const totals = run.totals;
  const asOf = instantText(run.createdAt);
  if (totals === null) return null;
  return (
    <div className="figures" data-testid="month-totals">
      <Figure
        name={t('months.providers')}
        value={totals.providers}
        note={odd === 0 ? t('months.noExceptions') : t('months.exceptionCount', { count: odd })}
      />
      <Figure
        name={t('months.accepted')}
        value={<MoneyText value={totals.accepted} unit />}
        note={t('asOf', { time: asOf })}
      />
      <Figure name={t('months.deduction')} value={<MoneyText value={totals.deduction} unit />} />
      <Figure name={t('months.deposit')} value={<MoneyText value={totals.deposit} unit />} />
      <Figure name={t('months.pay')} value={<MoneyText value={totals.pay} unit />} />
    </div>
  );
}
