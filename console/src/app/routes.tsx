import { createBrowserRouter, type RouteObject } from 'react-router';
import { NotFound } from '../pages/NotFound';
import { PageFault } from '../pages/PageFault';
import { Frame } from './Frame';

type Loader = () => Promise<{ default: React.ComponentType }>;

/** Every page is a chunk of its own: a clerk who settles months never downloads the charts. */
const PAGES: Record<string, Loader> = {
  '/': () => import('../pages/workplace/Workplace'),
  '/persons': () => import('../pages/persons/PersonList'),
  '/persons/:id': () => import('../pages/persons/PersonDetail'),
  '/institutions': () => import('../pages/institutions/InstitutionList'),
  '/institutions/:id': () => import('../pages/institutions/InstitutionDetail'),
  '/agreements': () => import('../pages/institutions/AgreementList'),
  '/settlements': () => import('../pages/settlements/SettlementList'),
  '/settlements/:id': () => import('../pages/settlements/SettlementDetail'),
  '/discharge-imports': () => import('../pages/imports/ImportList'),
  '/discharge-imports/:id': () => import('../pages/imports/ImportDetail'),
  '/budgets': () => import('../pages/budgets/BudgetList'),
  '/budgets/:id': () => import('../pages/budgets/BudgetDetail'),
  '/month-settlements': () => import('../pages/months/MonthList'),
  '/month-settlements/:id': () => import('../pages/months/MonthDetail'),
  '/clearings': () => import('../pages/clearings/ClearingList'),
  '/clearings/:id': () => import('../pages/clearings/ClearingDetail'),
  '/payment-orders': () => import('../pages/orders/OrderList'),
  '/payment-orders/:id': () => import('../pages/orders/OrderDetail'),
  '/ledger/trial-balance': () => import('../pages/ledger/TrialBalance'),
  '/ledger/journals': () => import('../pages/ledger/JournalList'),
  '/ledger/journals/:id': () => import('../pages/ledger/JournalDetail'),
  '/jobs': () => import('../pages/system/JobList'),
  '/audit-events': () => import('../pages/system/AuditTrail'),
  '/users': () => import('../pages/system/UserList'),
};

const children: RouteObject[] = Object.entries(PAGES).map(([path, load]) => ({
  path,
  lazy: async () => ({ Component: (await load()).default }),
  errorElement: <PageFault />,
}));

export const router = createBrowserRouter([
  {
    element: <Frame />,
    errorElement: <PageFault />,
    hydrateFallbackElement: <div />,
    children: [...children, { path: '*', element: <NotFound /> }],
  },
]);
