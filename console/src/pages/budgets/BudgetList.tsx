import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { BudgetRow } from '../../api/model';
import { useMay } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { count, money, text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { StateTag } from '../../widgets/StateTag';
import { currentMonth } from '../../widgets/time';
import { SCHEMES, useChoices } from '../options';

export default function BudgetList() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const { values, change } = useFilters({ scheme: '', year: '' });
  const [drafting, setDrafting] = useState(false);
  const schemes = useChoices('scheme', SCHEMES);
  return (
    <Page
      title={t('menu.budgets')}
      trail={[{ text: t('menu.group.payment') }]}
      note={t('budgets.note')}
      extra={
        may('payment.budget.prepare') ? (
          <Button
            type="primary"
            onClick={() => {
              setDrafting(true);
            }}
          >
            {t('budgets.draft')}
          </Button>
        ) : null
      }
    >
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'scheme', label: t('field.scheme'), options: schemes },
          { name: 'year', label: t('field.year'), kind: 'year', width: 110 },
        ]}
      />
      <section className="panel">
        <DataTable<BudgetRow>
          unit
          label={t('menu.budgets')}
          route="/budgets"
          query={values}
          rowKey={(row) => row.id}
          empty={t('budgets.empty')}
          columns={[
            { title: t('field.year'), render: (_, row) => <Link to={`/budgets/${row.id}`}>{row.year}</Link> },
            { title: t('field.scheme'), render: (_, row) => t(`scheme.${row.scheme}`) },
            count<BudgetRow>(t('budgets.version'), 'version'),
            {
              title: t('field.state'),
              render: (_, row) => <StateTag state={row.state} text={t(`budgetState.${row.state}`)} />,
            },
            money<BudgetRow>(t('budgets.income'), 'income'),
            money<BudgetRow>(t('budgets.available'), 'available', true),
            text<BudgetRow>(t('field.by'), 'createdBy'),
            text<BudgetRow>(t('budgets.approvedBy'), 'approvedBy'),
          ]}
        />
      </section>
      <ActionDialog<{ scheme: string; year: number }>
        open={drafting}
        title={t('budgets.draft')}
        explain={t('budgets.draftExplain')}
        fields={[
          { name: 'scheme', label: t('field.scheme'), options: schemes, initial: '310' },
          {
            name: 'year',
            label: t('field.year'),
            kind: 'integer',
            initial: Number(currentMonth(new Date()).slice(0, 4)) + 1,
          },
        ]}
        action={(body) => ({ route: '/budgets', body })}
        onDone={(answer) => {
          void navigate(`/budgets/${(answer as { id: string }).id}`);
        }}
        onClose={() => {
          setDrafting(false);
        }}
      />
    </Page>
  );
}
