import { Button, Form, Input, QRCode, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/client';
import type { Enrolment, RecoveryCodes } from '../../api/model';
import { asProblem, type Problem } from '../../api/problem';
import { ErrorPanel } from '../../widgets/ErrorPanel';
import { RecoveryCodeList } from './RecoveryCodeList';

interface Props {
  /** After the recovery codes were shown and kept. */
  onDone: () => void;
  onCancel: () => void;
  cancelText: string;
}

const QR_SIZE = 200;

/** Setting up an authenticator app: scan, type the first code, keep the recovery codes. */
export function EnrolFactor({ onDone, onCancel, cancelText }: Props) {
  const { t } = useTranslation();
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let left = false;
    call<Enrolment>('POST', '/auth/second-factor')
      .then((started) => {
        if (!left) setEnrolment(started);
      })
      .catch((thrown: unknown) => {
        if (!left) setProblem(asProblem(thrown));
      });
    return () => {
      left = true;
    };
  }, []);
  const confirm = async (code: string): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      setCodes((await call<RecoveryCodes>('POST', '/auth/second-factor/confirm', { body: { code } })).codes);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  if (codes !== null) return <RecoveryCodeList codes={codes} onKept={onDone} />;
  return (
    <>
      {problem === null ? null : <ErrorPanel problem={problem} />}
      {enrolment === null && problem === null ? <Skeleton active /> : null}
      {enrolment === null ? null : <Secret enrolment={enrolment} />}
      <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={({ code }) => void confirm(code)}>
        {enrolment === null ? null : (
          <Form.Item
            name="code"
            label={t('enrol.type')}
            rules={[{ required: true, message: t('form.required', { field: t('enrol.code') }) }]}
          >
            <Input autoComplete="one-time-code" inputMode="numeric" maxLength={7} style={{ maxWidth: 200 }} />
          </Form.Item>
        )}
        <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
          {enrolment === null ? null : (
            <Button type="primary" htmlType="submit" loading={busy}>
              {t('enrol.confirm')}
            </Button>
          )}
          <Button onClick={onCancel}>{cancelText}</Button>
        </div>
      </Form>
    </>
  );
}

function Secret({ enrolment }: { enrolment: Enrolment }) {
  const { t } = useTranslation();
  return (
    <>
      <p>{t('enrol.scan')}</p>
      <div role="img" aria-label={t('enrol.qr')}>
        <div aria-hidden="true">
          <QRCode value={enrolment.uri} size={QR_SIZE} type="svg" />
        </div>
      </div>
      <p className="muted">
        {t('enrol.manual')}
        <br />
        <code className="one-time-code">{enrolment.secret.replace(/.{4}(?=.)/g, '$& ')}</code>
      </p>
      <p className="muted">{t('enrol.expired')}</p>
    </>
  );
}
