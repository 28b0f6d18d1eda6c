import {
  AccountBookOutlined,
  ApartmentOutlined,
  BarChartOutlined,
  HomeOutlined,
  SettingOutlined,
  TeamOutlined,
  TransactionOutlined,
  WalletOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';

export interface MenuEntry {
  /** Key of the text under `menu.` */
  key: string;
  to: string;
  /** The permission that reading the page needs; entries without one are for everybody. */
  permission?: string;
}

export interface MenuGroup {
  key: string;
  icon: ReactNode;
  entries: MenuEntry[];
}

/** The menu in the words of the law, in the order in which money flows. */
export const MENU: MenuGroup[] = [
  { key: 'start', icon: <HomeOutlined />, entries: [{ key: 'workplace', to: '/' }] },
  {
    key: 'insured',
    icon: <TeamOutlined />,
    entries: [{ key: 'persons', to: '/persons', permission: 'enrollment.read' }],
  },
  {
    key: 'designated',
    icon: <ApartmentOutlined />,
    entries: [
      { key: 'institutions', to: '/institutions', permission: 'providers.read' },
      { key: 'agreements', to: '/agreements', permission: 'providers.read' },
    ],
  },
  {
    key: 'claims',
    icon: <TransactionOutlined />,
    entries: [
      { key: 'settlements', to: '/settlements', permission: 'claims.read' },
      { key: 'discharge-imports', to: '/discharge-imports', permission: 'exchange.read' },
    ],
  },
  {
    key: 'payment',
    icon: <WalletOutlined />,
    entries: [
      { key: 'budgets', to: '/budgets', permission: 'payment.budget.read' },
      { key: 'month-settlements', to: '/month-settlements', permission: 'payment.month.read' },
      { key: 'clearings', to: '/clearings', permission: 'payment.clearing.read' },
      { key: 'payment-orders', to: '/payment-orders', permission: 'payment.order.read' },
    ],
  },
  {
    key: 'fund',
    icon: <AccountBookOutlined />,
    entries: [
      { key: 'trial-balance', to: '/ledger/trial-balance', permission: 'ledger.read' },
      { key: 'journals', to: '/ledger/journals', permission: 'ledger.read' },
    ],
  },
  {
    key: 'statistics',
    icon: <BarChartOutlined />,
    entries: [
      { key: 'year-table', to: '/reports/year-table', permission: 'reporting.read' },
      { key: 'years', to: '/reports/years', permission: 'reporting.read' },
    ],
  },
  {
    key: 'system',
    icon: <SettingOutlined />,
    entries: [
      { key: 'jobs', to: '/jobs', permission: 'jobs.read' },
      { key: 'audit-events', to: '/audit-events', permission: 'identity.audit.read' },
      { key: 'users', to: '/users', permission: 'identity.users.read' },
      { key: 'role-changes', to: '/role-changes', permission: 'identity.roles.confirm' },
    ],
  },
];
