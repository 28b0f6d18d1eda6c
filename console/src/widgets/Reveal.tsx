import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionDialog } from './ActionDialog';

/** How long something stays in full on the screen. */
const SHOWN_SECONDS = 60;
const PURPOSES = ['service', 'verify', 'payment', 'inspect', 'other'] as const;

interface Answers {
  purpose: (typeof PURPOSES)[number];
  detail?: string;
}

/** What is shown in full, for how many seconds still, and the parts a page puts in their places. */
export interface Revealed<T> {
  /** The answer of the server while it may be seen; null = masked. */
  shown: T | null;
  /** The eye: asks for the reason, or hides again. */
  eye: ReactNode;
  /** The dialog that asks for the reason. */
  dialog: ReactNode;
}

/**
 * Shows masked data in full on demand: asks for a reason, which the audit trail keeps, and masks them again after a minute or
 * when the reader says so. The full data live in this page's memory only.
 */
export function useReveal<T>(route: string, allowed: boolean): Revealed<T> {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<T | null>(null);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (shown === null) return undefined;
    const until = Date.now() + SHOWN_SECONDS * 1000;
    const timer = setInterval(() => {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      setLeft(seconds);
      if (seconds <= 0) setShown(null);
    }, 250);
    return () => {
      clearInterval(timer);
    };
  }, [shown]);
  const hide = (): void => {
    setShown(null);
  };
  const eye = !allowed ? null : shown === null ? (
    <Tooltip title={t('reveal.show')}>
      <Button
        type="text"
        size="small"
        icon={<EyeOutlined />}
        aria-label={t('reveal.show')}
        onClick={() => {
          setAsking(true);
        }}
      />
    </Tooltip>
  ) : (
    <>
      <Button type="text" size="small" icon={<EyeInvisibleOutlined />} aria-label={t('reveal.hide')} onClick={hide} />
      <span className="muted" role="timer">
        {t('reveal.left', { count: left })}
      </span>
    </>
  );
  const dialog = (
    <ActionDialog<Answers>
      open={asking}
      title={t('reveal.title')}
      explain={t('reveal.explain', { seconds: SHOWN_SECONDS })}
      fields={[
        {
          name: 'purpose',
          label: t('field.reason'),
          options: PURPOSES.map((value) => ({ value, label: t(`reveal.purpose.${value}`) })),
        },
        { name: 'detail', label: t('reveal.detail'), required: false, help: t('reveal.detailHelp') },
      ]}
      action={(values) => ({ route, body: { reason: reasonOf(t(`reveal.purpose.${values.purpose}`), values) } })}
      onDone={(answer) => {
        setLeft(SHOWN_SECONDS);
        setShown(answer as T);
      }}
      onClose={() => {
        setAsking(false);
      }}
    />
  );
  return { shown, eye, dialog };
}

// "Other" says nothing: the detail alone is the reason then, and the server asks for it when it is missing.
function reasonOf(purpose: string, { purpose: code, detail = '' }: Answers): string {
  const more = detail.trim();
  if (code === 'other') return more;
  return more === '' ? purpose : `${purpose}：${more}`;
}
