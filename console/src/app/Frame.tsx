import { LogoutOutlined, MenuOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Dropdown, Grid, Layout, Menu, Spin } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation } from 'react-router';
import { pageTexts } from '../i18n';
import { PageGuard } from '../pages/PageFault';
import { LanguageButton } from './LanguageButton';
import { MENU } from './menu';
import { useMe, useSession } from './session';

const PhoneMenu = lazy(() => import('./PhoneMenu'));
const SessionCare = lazy(async () => {
  await pageTexts('security');
  return import('./SessionCare');
});

/** Header, menu and the place for the page. */
export function Frame() {
  const { t } = useTranslation();
  const wide = Grid.useBreakpoint().lg === true;
  const [drawer, setDrawer] = useState(false);
  const { pathname } = useLocation();
  return (
    <Layout className="frame">
      <a className="skip-link" href="#main">
        {t('frame.skip')}
      </a>
      <Layout.Header className="frame-header">
        {wide ? null : (
          <Button
            type="text"
            icon={<MenuOutlined />}
            aria-label={t('frame.openMenu')}
            onClick={() => {
              setDrawer(true);
            }}
          />
        )}
        <div className="frame-brand">
          <img src="/favicon.svg" alt="" />
          {t('app.name')}
          <small>{t('app.subtitle')}</small>
        </div>
        <div className="frame-spacer" />
        <LanguageButton />
        <UserMenu />
      </Layout.Header>
      <Layout>
        {wide ? (
          <Layout.Sider width={216} theme="light" className="frame-sider">
            <MainMenu />
          </Layout.Sider>
        ) : (
          <Suspense fallback={null}>
            <PhoneMenu
              open={drawer}
              title={t('frame.menu')}
              onClose={() => {
                setDrawer(false);
              }}
            >
              <MainMenu
                onPick={() => {
                  setDrawer(false);
                }}
              />
            </PhoneMenu>
          </Suspense>
        )}
        <Layout.Content id="main" className="frame-main" tabIndex={-1}>
          <Suspense fallback={null}>
            <SessionCare />
          </Suspense>
          <Suspense fallback={<Spin size="large" style={{ margin: 80 }} aria-label={t('table.loading')} />}>
            <PageGuard key={pathname}>
              <Outlet />
            </PageGuard>
          </Suspense>
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

function MainMenu({ onPick }: { onPick?: () => void }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const me = useMe();
  const visible = MENU.map((group) => ({
    ...group,
    entries: group.entries.filter(
      (entry) => entry.permission === undefined || me.permissions.includes(entry.permission),
    ),
  })).filter((group) => group.entries.length > 0);
  const current = visible
    .flatMap((group) => group.entries)
    .filter((entry) => (entry.to === '/' ? pathname === '/' : pathname.startsWith(entry.to)))
    .at(0);
  return (
    <nav aria-label={t('frame.menu')}>
      <Menu
        mode="inline"
        style={{ borderInlineEnd: 0 }}
        selectedKeys={current === undefined ? [] : [current.key]}
        defaultOpenKeys={visible.map((group) => group.key)}
        onClick={() => onPick?.()}
        items={visible.map((group) => {
          const entries = group.entries.map((entry) => ({
            key: entry.key,
            label: <Link to={entry.to}>{t(`menu.${entry.key}`)}</Link>,
          }));
          const only = group.entries.length === 1 ? entries[0] : undefined;
          return only === undefined
            ? { key: group.key, icon: group.icon, label: t(`menu.group.${group.key}`), children: entries }
            : { ...only, icon: group.icon };
        })}
      />
    </nav>
  );
}

function UserMenu() {
  const { t } = useTranslation();
  const { signOut } = useSession();
  const me = useMe();
  const roles = me.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join('、');
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'who', disabled: true, label: `${me.displayName}（${me.username}） ${roles}` },
          { type: 'divider' },
          { key: 'account', label: <Link to="/account">{t('frame.account')}</Link> },
          { key: 'out', icon: <LogoutOutlined />, label: t('frame.signOut') },
        ],
        onClick: ({ key }) => {
          if (key === 'out') void signOut();
        },
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={t('frame.user', { name: me.displayName })}>
        {me.displayName}
      </Button>
    </Dropdown>
  );
}
