import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { MonthRun } from '../../api/model';
import { useMay } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { state } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { MoneyText } from '../../widgets/MoneyText';
import { Page } from '../../widgets/Page';
import { currentMonth, previousMonth } from '../../widgets/time';
import { SCHEMES, useChoices } from '../options';

const STATES = ['running', 'trial', 'submitted', 'reviewed', 'approved', 'returned', 'closed'] as const;

export default function MonthList() {
  const { t } = useTranslation();
  const may = useMay();
  const { values, change } = useFilters({ scheme: '', year: '', state: '' });
  const [starting, setStarting] = useState(false);
  const schemes = useChoices('scheme', SCHEMES);
  return (
    <Page
      title={t('menu.month-settlements')}
      trail={[{ text: t('menu.group.payment') }]}
      note={t('months.note')}
      extra={
        may('payment.month.prepare') ? (
          <Button
            type="primary"
            onClick={() => {
              setStarting(true);
            }}
          >
            {t('months.start')}
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
          { name: 'state', label: t('field.state'), options: useChoices('state', STATES) },
        ]}
      />
      <section className="panel">
        <DataTable<MonthRun>
          unit
          label={t('menu.month-settlements')}
          route="/month-settlements"
          query={values}
          rowKey={(run) => run.id}
          empty={t('months.empty')}
          columns={[
            {
              title: t('field.month'),
              render: (_, run) => <Link to={`/month-settlements/${run.id}`}>{run.month}</Link>,
            },
            { title: t('field.scheme'), render: (_, run) => t(`scheme.${run.scheme}`) },
            state<MonthRun>(t('field.state'), 'state'),
            {
              title: t('months.providers'),
              align: 'right',
              className: 'num',
              render: (_, run) => run.totals?.providers ?? '—',
            },
            ...(['accepted', 'deduction', 'deposit', 'pay'] as const).map((key) => ({
              title: t(`months.${key}`),
              key,
              align: 'right' as const,
              className: 'num',
              render: (_: unknown, run: MonthRun) => <MoneyText value={run.totals?.[key]} strong={key === 'pay'} />,
            })),
          ]}
        />
      </section>
      <StartDialog
        open={starting}
        schemes={schemes}
        onClose={() => {
          setStarting(false);
        }}
      />
    </Page>
  );
}

interface StartProps {
  open: boolean;
  schemes: { value: string; label: string }[];
  onClose: () => void;
}

function StartDialog({ open, schemes, onClose }: StartProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <ActionDialog<{ scheme: string; month: string }>
      open={open}
      title={t('months.start')}
      explain={t('months.startExplain')}
      fields={[
        { name: 'scheme', label: t('field.scheme'), options: schemes, initial: '310' },
        { name: 'month', label: t('field.month'), kind: 'month', initial: previousMonth(currentMonth(new Date())) },
      ]}
      action={(values) => ({ route: '/month-settlements', body: values })}
      onDone={(answer) => {
        void navigate(`/month-settlements/${(answer as { id: string }).id}`);
      }}
      onClose={onClose}
    />
  );
}
