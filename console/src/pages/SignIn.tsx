import { Alert, Button, Form, Input } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Challenge } from '../api/model';
import { asProblem, type Problem } from '../api/problem';
import { LanguageButton } from '../app/LanguageButton';
import { useSession } from '../app/session';
import { ErrorPanel } from '../widgets/ErrorPanel';
import { Activate } from './account/Activate';

interface Credentials {
  username: string;
  password: string;
}

type Step = { at: 'password'; done?: boolean } | { at: 'code'; challenge: Challenge } | { at: 'activate' };

/** Runs a request of a form and keeps what was refused. */
function useSubmit(): { problem: Problem | null; busy: boolean; submit: (work: () => Promise<void>) => void } {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (work: () => Promise<void>): void => {
    setBusy(true);
    setProblem(null);
    work()
      .catch((thrown: unknown) => {
        setProblem(asProblem(thrown));
      })
      .finally(() => {
        setBusy(false);
      });
  };
  return { problem, busy, submit };
}

/** The door: name and password, then the code where one is set up; and the way in for a new account. */
export default function SignIn() {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>({ at: 'password' });
  const title = { password: t('signIn.title'), code: t('signInCode.title'), activate: t('activate.title') }[step.at];
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  const back = (done = false): void => {
    setStep({ at: 'password', done });
  };
  return (
    <div className="sign-in">
      <aside className="sign-in-words">
        <div className="name">{t('app.name')}</div>
        <p>{t('signIn.words')}</p>
        <p>{t('signIn.trace')}</p>
      </aside>
      <main className="sign-in-form">
        <div style={{ textAlign: 'right' }}>
          <LanguageButton />
        </div>
        <h1>{title}</h1>
        {step.at === 'password' ? <PasswordStep done={step.done === true} onStep={setStep} /> : null}
        {step.at === 'code' ? <CodeStep challenge={step.challenge.challenge} onBack={back} /> : null}
        {step.at === 'activate' ? <Activate onBack={back} /> : null}
      </main>
    </div>
  );
}

function PasswordStep({ done, onStep }: { done: boolean; onStep: (step: Step) => void }) {
  const { t } = useTranslation();
  const { signIn } = useSession();
  const { problem, busy, submit } = useSubmit();
  return (
    <>
      {done ? <Alert type="success" showIcon title={t('activate.done')} style={{ marginBottom: 14 }} /> : null}
      {problem === null ? null : <ErrorPanel problem={problem} />}
      <Form<Credentials>
        layout="vertical"
        requiredMark={false}
        onFinish={({ username, password }) => {
          submit(async () => {
            const challenge = await signIn(username, password);
            if (challenge !== undefined) onStep({ at: 'code', challenge });
          });
        }}
      >
        <Form.Item
          name="username"
          label={t('signIn.username')}
          rules={[{ required: true, whitespace: true, message: t('form.required', { field: t('signIn.username') }) }]}
        >
          <Input autoComplete="username" size="large" autoFocus />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[{ required: true, message: t('form.required', { field: t('signIn.password') }) }]}
        >
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={busy}>
          {t('signIn.submit')}
        </Button>
      </Form>
      <p className="muted">{t('signIn.help')}</p>
      <TextButton
        onClick={() => {
          onStep({ at: 'activate' });
        }}
      >
        {t('activate.link')}
      </TextButton>
    </>
  );
}

function CodeStep({ challenge, onBack }: { challenge: string; onBack: () => void }) {
  const { t } = useTranslation();
  const { signInWithCode } = useSession();
  const { problem, busy, submit } = useSubmit();
  return (
    <>
      <p>{t('signInCode.explain')}</p>
      {problem === null ? null : <ErrorPanel problem={problem} />}
      <Form<{ code: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ code }) => {
          submit(() => signInWithCode(challenge, code));
        }}
      >
        <Form.Item
          name="code"
          label={t('signInCode.code')}
          rules={[{ required: true, whitespace: true, message: t('form.required', { field: t('signInCode.code') }) }]}
        >
          <Input autoComplete="one-time-code" size="large" autoFocus />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={busy}>
          {t('signInCode.submit')}
        </Button>
      </Form>
      <TextButton onClick={onBack}>{t('signInCode.back')}</TextButton>
    </>
  );
}

function TextButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <div>
      <Button type="link" style={{ paddingInline: 0 }} onClick={onClick}>
        {children}
      </Button>
    </div>
  );
}
