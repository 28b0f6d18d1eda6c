import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider, Spin } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { pageTexts } from '../i18n';
import { nonce } from './nonce';
import { Pages } from './routes';
import { SessionProvider, useSession } from './session';
import { theme } from './theme';

const SignIn = lazy(async () => {
  await pageTexts('security');
  return import('../pages/SignIn');
});
const FirstSteps = lazy(async () => {
  await pageTexts('security');
  return import('./FirstSteps');
});

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      // A refusal is an answer; only a server that is away or busy is asked again.
      retry: (failures, error) =>
        failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
    },
  },
});

export function App() {
  const { i18n } = useTranslation();
  return (
    <ConfigProvider
      locale={i18n.language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
      theme={theme}
      csp={{ nonce }}
    >
      <QueryClientProvider client={queries}>
        <SessionProvider>
          <Door />
        </SessionProvider>
      </QueryClientProvider>
    </ConfigProvider>
  );
}

/** The sign-in page for nobody, the frame for somebody; after signing in the address stays what it was. */
function Door() {
  const { me } = useSession();
  const { t } = useTranslation();
  const waiting = <Spin fullscreen size="large" aria-label={t('table.loading')} />;
  if (me === undefined) return waiting;
  if (me !== null && !me.mustChangePassword && !me.mustEnrolFactor) return <Pages />;
  return <Suspense fallback={waiting}>{me === null ? <SignIn /> : <FirstSteps />}</Suspense>;
}
