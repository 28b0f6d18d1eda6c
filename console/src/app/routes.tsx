import { type ComponentType, lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { type PageTexts, pageTexts } from '../i18n';
import { NotFound } from '../pages/NotFound';
import { Frame } from './Frame';

type Loader = () => Promise<{ default: ComponentType }>;

/** A page whose texts are fetched with it. */
function withTexts(name: PageTexts, load: Loader): Loader {
  return async () => {
    await pageTexts(name);
    return load();
  };
}

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
  '/reports/year-table': withTexts('reports', () => import('../pages/reports/YearTable')),
  '/reports/years': withTexts('reports', () => import('../pages/reports/Years')),
  '/jobs': () => import('../pages/system/JobList'),
  '/audit-events': () => import('../pages/system/AuditTrail'),
  '/users': withTexts('security', () => import('../pages/system/UserList')),
  '/role-changes': withTexts('security', () => import('../pages/system/RoleChangeList')),
  '/account': withTexts('security', () => import('../pages/account/AccountSecurity')),
};

const loaded = Object.entries(PAGES).map(([path, load]) => ({ path, Page: lazy(load) }));

export function Pages() {
  return (
    <BrowserRouter>
      <Routes>
        <Route element={<Frame />}>
          {loaded.map(({ path, Page }) => (
            <Route key={path} path={path} element={<Page />} />
          ))}
          <Route path="*" element={<NotFound />} />
        </Route>
      </Routes>
    </BrowserRouter>
  );
}
