import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** One step of a calculation: formula → what went in → what came out → the clause that says so. */
export interface ComputedStep {
  title: string;
  formula?: string;
  inputs?: { name: string; value: ReactNode; source?: string }[];
  result?: ReactNode;
  clause?: string;
}

interface Props {
  open: boolean;
  title: string;
  onClose: () => void;
  steps: ComputedStep[];
  policyVersion?: string | null;
  links?: ReactNode;
  children?: ReactNode;
}

/** 怎么算的: the drawer that takes an amount apart down to the clause and the bills. */
export function HowComputed({ open, title, onClose, steps, policyVersion, links, children }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer open={open} onClose={onClose} title={title} size={620} destroyOnHidden>
      {children}
      {steps.map((step, index) => (
        <Step key={`${String(index)}-${step.title}`} step={step} ordinal={index + 1} />
      ))}
      {policyVersion === undefined || policyVersion === null || policyVersion === '' ? null : (
        <p className="muted">
          {t('computed.version')} <span className="mono">{policyVersion}</span>
        </p>
      )}
      {links}
    </Drawer>
  );
}

function Step({ step, ordinal }: { step: ComputedStep; ordinal: number }) {
  const { t } = useTranslation();
  return (
    <section className="computed-step">
      <h3>
        <span>
          {ordinal}. {step.title}
        </span>
        {step.result === undefined ? null : <span>{step.result}</span>}
      </h3>
      {step.formula === undefined || step.formula === '' ? null : <div className="formula">{step.formula}</div>}
      {step.inputs === undefined || step.inputs.length === 0 ? null : (
        <dl>
          {step.inputs.map((input) => (
            <Input key={input.name} {...input} />
          ))}
        </dl>
      )}
      {step.clause === undefined || step.clause === '' ? null : (
        <p className="clause">
          {t('computed.clause')}：{step.clause}
        </p>
      )}
    </section>
  );
}

function Input({ name, value, source }: { name: string; value: ReactNode; source?: string }) {
  const { t } = useTranslation();
  return (
    <>
      <dt>
        {name}
        {source === undefined ? null : <span className="source"> {t('computed.source', { source })}</span>}
      </dt>
      <dd>{value}</dd>
    </>
  );
}
