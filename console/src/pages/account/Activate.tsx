import { Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import { ErrorPanel } from '../../widgets/ErrorPanel';

interface Values {
  username: string;
  code: string;
  by: 'confirmation' | 'factorCode';
  proof: string;
  newPassword: string;
  again: string;
}

/** The user's part of a new account or a reset: the administrators' codes, and a password that nobody else knows. */
export function Activate({ onBack }: { onBack: (done?: boolean) => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const by = Form.useWatch('by', form) ?? 'confirmation';
  const activate = async ({ username, code, proof, newPassword }: Values): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await call('POST', '/auth/activate', { body: { username, code, [by]: proof, newPassword } });
      onBack(true);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  const required = (label: string) => [
    { required: true, whitespace: true, message: t('form.required', { field: label }) },
  ];
  return (
    <>
      <p>{t('activate.explain')}</p>
      {problem === null ? null : <ErrorPanel problem={problem} />}
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ by: 'confirmation' }}
        onFinish={(values) => void activate(values)}
      >
        <Form.Item name="username" label={t('signIn.username')} rules={required(t('signIn.username'))}>
          <Input autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item name="code" label={t('activate.code')} rules={required(t('activate.code'))}>
          <Input autoComplete="off" placeholder="XXXX-XXXX-XXXX-XXXX" />
        </Form.Item>
        <Form.Item name="by" label={t('activate.second')} extra={t('activate.secondHelp')}>
          <Radio.Group
            options={[
              { value: 'confirmation', label: t('activate.confirmation') },
              { value: 'factorCode', label: t('activate.factorCode') },
            ]}
          />
        </Form.Item>
        <Form.Item name="proof" label={t(`activate.${by}`)} rules={required(t(`activate.${by}`))}>
          <Input autoComplete="off" placeholder={by === 'confirmation' ? 'XXXX-XXXX-XXXX-XXXX' : '123456'} />
        </Form.Item>
        <Form.Item
          name="newPassword"
          label={t('activate.newPassword')}
          extra={t('password.rule')}
          rules={required(t('activate.newPassword'))}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('activate.again')}
          dependencies={['newPassword']}
          rules={[
            {
              validator: (_rule, value: unknown) =>
                value === form.getFieldValue('newPassword')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('activate.differ'))),
            },
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={busy}>
          {t('activate.submit')}
        </Button>
      </Form>
      <div>
        <Button
          type="link"
          style={{ paddingInline: 0 }}
          onClick={() => {
            onBack();
          }}
        >
          {t('activate.back')}
        </Button>
      </div>
    </>
  );
}
