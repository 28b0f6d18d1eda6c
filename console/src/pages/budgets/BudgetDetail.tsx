import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { BudgetDetail as Detail, BudgetLine } from '../../api/model';
import { inLanguage, stepsOf } from '../../api/trace';
import { useMay } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { HowComputed } from '../../widgets/HowComputed';
import { ApprovalTimeline, LifecycleButtons, NextActor } from '../../widgets/Lifecycle';
import { MoneyText } from '../../widgets/MoneyText';
import { Figure, Loaded, Page, Panel } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { BudgetLines } from './BudgetLines';
import { budgetSteps, NEGOTIABLE } from './steps';
import { WhatIf } from './WhatIf';

export default function BudgetDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const route = path('/budgets/{id}', { id });
  const read = useRead<Detail>(route);
  const budget = read.data;
  const title =
    budget === undefined
      ? t('menu.budgets')
      : t('budgets.title', { year: budget.year, scheme: t(`scheme.${budget.scheme}`), version: budget.version });
  return (
    <Page
      title={title}
      trail={[{ text: t('menu.group.payment') }, { text: t('menu.budgets'), to: '/budgets' }]}
      labels={budget === undefined ? null : <StateTag state={budget.state} text={t(`budgetState.${budget.state}`)} />}
      extra={
        budget === undefined ? null : (
          <LifecycleButtons actions={budgetSteps(t)} state={budget.state} route={route} subject={title} />
        )
      }
    >
      <Loaded query={read}>{(loaded) => <Budget budget={loaded} route={route} />}</Loaded>
    </Page>
  );
}

function Budget({ budget, route }: { budget: Detail; route: string }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const [how, setHow] = useState<BudgetLine | null>(null);
  const [negotiating, setNegotiating] = useState<BudgetLine | null>(null);
  const negotiable = may('payment.budget.prepare') && NEGOTIABLE.includes(budget.state);
  return (
    <>
      <NextActor actions={budgetSteps(t)} state={budget.state} />
      <div className="figures">
        <Figure name={t('budgets.income')} value={<MoneyText value={budget.income} unit />} />
        <Figure name={t('budgets.reserve')} value={<MoneyText value={budget.reserve} unit />} />
        {budget.setAsides.map((row) => (
          <Figure
            key={row.code}
            name={inLanguage(row.name, i18n.language)}
            value={<MoneyText value={row.amount} unit />}
          />
        ))}
        <Figure
          name={t('budgets.available')}
          value={<MoneyText value={budget.available} unit />}
          note={t('budgets.availableNote')}
        />
      </div>
      <BudgetLines budget={budget} onHow={setHow} {...(negotiable ? { onNegotiate: setNegotiating } : {})} />
      {may('payment.what-if') ? <WhatIf route={route} /> : null}
      <Panel title={t('lifecycle.timeline')}>
        <ApprovalTimeline acts={budget.timeline} />
      </Panel>
      <HowComputed
        open={how !== null}
        onClose={() => {
          setHow(null);
        }}
        title={`${t('action.how')} · ${how?.providerName ?? ''}`}
        steps={how === null ? [] : stepsOf(how.trace, i18n.language, t)}
      />
      {negotiating === null ? null : (
        <ActionDialog<{ amount: string; reason: string }>
          open
          title={t('budgets.negotiate', { name: negotiating.providerName })}
          explain={t('budgets.negotiateExplain')}
          fields={[
            { name: 'amount', label: t('budgets.negotiated'), kind: 'money', initial: negotiating.amount },
            { name: 'reason', label: t('field.reason'), kind: 'long' },
          ]}
          action={(body) => ({ method: 'PUT', route: `${route}/providers/${negotiating.providerId}`, body })}
          onClose={() => {
            setNegotiating(null);
          }}
        />
      )}
    </>
  );
}
