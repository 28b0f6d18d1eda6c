import { Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem, type Problem } from '../api/problem';
import { LanguageButton } from '../app/LanguageButton';
import { useSession } from '../app/session';
import { ErrorPanel } from '../widgets/ErrorPanel';

interface Credentials {
  username: string;
  password: string;
}

export default function SignIn() {
  const { t } = useTranslation();
  const { signIn } = useSession();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('app.name')}`;
  }, [t]);
  const submit = (values: Credentials): void => {
    setBusy(true);
    setProblem(null);
    signIn(values.username, values.password)
      .catch((thrown: unknown) => {
        setProblem(asProblem(thrown));
      })
      .finally(() => {
        setBusy(false);
      });
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
        <h1>{t('signIn.title')}</h1>
        {problem === null ? null : <ErrorPanel problem={problem} />}
        <Form<Credentials> layout="vertical" requiredMark={false} onFinish={submit}>
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
      </main>
    </div>
  );
}
