import { Alert } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { ClearingDetail as Detail, ClearingLine } from '../../api/model';
import { useMay } from '../../app/session';
import { ApprovalTimeline, LifecycleButtons, NextActor } from '../../widgets/Lifecycle';
import { MoneyText } from '../../widgets/MoneyText';
import { Figure, Loaded, Page, Panel } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { ClearingLines } from './ClearingLines';
import { ClearingSheetDrawer } from './ClearingSheetDrawer';
import { CLEARING_STEPS } from './steps';
import { WhatIf } from './WhatIf';

const POLL_MS = 2000;

export default function ClearingDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const route = path('/clearings/{id}', { id });
  const [running, setRunning] = useState(false);
  const read = useRead<Detail>(route, {}, running ? POLL_MS : undefined);
  const isRunning = read.data?.state === 'running';
  if (isRunning !== running && read.data !== undefined) setRunning(isRunning);
  const title =
    read.data === undefined
      ? t('menu.clearings')
      : `${String(read.data.year)} ${t(`scheme.${read.data.scheme}`)} ${t('menu.clearings')}`;
  return (
    <Page
      title={title}
      trail={[{ text: t('menu.group.payment') }, { text: t('menu.clearings'), to: '/clearings' }]}
      labels={
        read.data === undefined ? null : (
          <>
            <StateTag state={read.data.state} />
            {read.data.state === 'closed' ? null : <StateTag state="open" />}
          </>
        )
      }
      extra={
        read.data === undefined ? null : (
          <LifecycleButtons actions={CLEARING_STEPS} state={read.data.state} route={route} subject={title} />
        )
      }
    >
      <Loaded query={read}>{(run) => <Run run={run} route={route} />}</Loaded>
    </Page>
  );
}

function Run({ run, route }: { run: Detail; route: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [sheet, setSheet] = useState<ClearingLine | null>(null);
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
        <NextActor actions={CLEARING_STEPS} state={run.state} />
      )}
      {run.totals === null ? null : (
        <div className="figures">
          {(['accepted', 'budget', 'payable', 'paid', 'balance'] as const).map((key) => (
            <Figure key={key} name={t(`clearings.${key}`)} value={<MoneyText value={run.totals?.[key]} unit />} />
          ))}
        </div>
      )}
      <ClearingLines run={run} onHow={setSheet} />
      {may('payment.what-if') && run.state !== 'running' ? <WhatIf route={route} /> : null}
      <Panel title={t('lifecycle.timeline')}>
        <ApprovalTimeline
          acts={run.timeline}
          first={{ text: t('months.started', { by: run.startedBy }), at: run.createdAt }}
        />
      </Panel>
      <ClearingSheetDrawer
        run={run}
        line={sheet}
        onClose={() => {
          setSheet(null);
        }}
      />
    </>
  );
}
