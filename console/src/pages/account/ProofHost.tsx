import { Form, Input, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, onProofAsked } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import { ErrorPanel } from '../../widgets/ErrorPanel';

interface Asked {
  by: 'password' | 'code';
  answer: (proved: boolean) => void;
}

/** The small dialog that asks for password or code when a step needs a fresh proof; the step then goes on by itself. */
export function ProofHost() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const open = useRef<Asked | null>(null);
  useEffect(() => {
    onProofAsked(
      (by) =>
        new Promise((answer) => {
          open.current?.answer(false);
          open.current = { by, answer };
          setAsked(open.current);
        }),
    );
    return () => {
      onProofAsked(null);
      open.current?.answer(false);
    };
  }, []);
  if (asked === null) return null;
  return (
    <ProofDialog
      by={asked.by}
      onEnd={(proved) => {
        open.current = null;
        setAsked(null);
        asked.answer(proved);
      }}
    />
  );
}

function ProofDialog({ by, onEnd }: { by: 'password' | 'code'; onEnd: (proved: boolean) => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Record<string, string>>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const prove = async (body: Record<string, string>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await call('POST', '/auth/proof', { body });
      onEnd(true);
    } catch (thrown) {
      setProblem(asProblem(thrown));
      form.resetFields();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t('proof.title')}
      okText={t('action.confirm')}
      cancelText={t('action.cancel')}
      confirmLoading={busy}
      width={420}
      onCancel={() => {
        onEnd(false);
      }}
      onOk={() => {
        form.submit();
      }}
    >
      <p>{t('proof.explain')}</p>
      {problem === null ? null : <ErrorPanel problem={problem} />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => void prove(values)}>
        <Form.Item
          name={by}
          label={t(`proof.${by}`)}
          rules={[{ required: true, message: t('form.required', { field: t(`proof.${by}`) }) }]}
        >
          {by === 'code' ? (
            <Input autoComplete="one-time-code" autoFocus />
          ) : (
            <Input.Password autoComplete="current-password" autoFocus />
          )}
        </Form.Item>
      </Form>
    </Modal>
  );
}
