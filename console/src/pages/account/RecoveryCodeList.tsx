import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { saveBlob } from '../../api/client';

/** Ten codes that are shown once. */
export function RecoveryCodeList({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('codes.title')}>
      <h2>{t('codes.title')}</h2>
      <p>{t('codes.explain')}</p>
      <ol className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code className="one-time-code">{code}</code>
          </li>
        ))}
      </ol>
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        <Button
          onClick={() => {
            saveBlob(new Blob([`${codes.join('\r\n')}\r\n`], { type: 'text/plain' }), 'tongchou-recovery-codes.txt');
          }}
        >
          {t('codes.save')}
        </Button>
        <Button type="primary" onClick={onKept}>
          {t('codes.kept')}
        </Button>
      </div>
    </section>
  );
}
