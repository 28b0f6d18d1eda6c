import { useTranslation } from 'react-i18next';
import { Page } from '../widgets/Page';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('frame.notFound')}>
      <p>{t('frame.notFoundNote')}</p>
    </Page>
  );
}
