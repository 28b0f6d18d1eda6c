import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { asProblem } from '../api/problem';
import { ErrorPanel } from '../widgets/ErrorPanel';

/** A page that could not be loaded or drawn: says so and offers a reload, instead of a white screen. */
export function PageFault() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <div style={{ padding: 24 }}>
      <h1 style={{ fontSize: 20 }}>{t('frame.fault')}</h1>
      <ErrorPanel
        problem={asProblem(error)}
        onRetry={() => {
          window.location.reload();
        }}
      />
    </div>
  );
}
