import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider, Spin } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { Problem } from '../api/problem';
import { SignIn } from '../pages/SignIn';
import { router } from './routes';
import { SessionProvider, useSession } from './session';
import { theme } from './theme';

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
    <ConfigProvider locale={i18n.language === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }} theme={theme}>
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
  if (me === undefined) return <Spin fullscreen size="large" aria-label={t('table.loading')} />;
  return me === null ? <SignIn /> : <RouterProvider router={router} />;
}
