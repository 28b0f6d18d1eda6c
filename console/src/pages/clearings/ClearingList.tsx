import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { ClearingRun } from '../../api/model';
import { useMay } from '../../app/session';
import { ActionDialog } from '../../widgets/ActionDialog';
import { state } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { MoneyText } from '../../widgets/MoneyText';
import { Page } from '../../widgets/Page';
import { currentMonth } from '../../widgets/time';
import { SCHEMES, useChoices } from '../options';

export default function ClearingList() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const { values, change } = useFilters({ scheme: '', year: '' });
  const [starting, setStarting] = useState(false);
  const schemes = useChoices('scheme', SCHEMES);
  return (
    <Page
      title={t('menu.clearings')}
      trail={[{ text: t('menu.group.payment') }]}
      note={t('clearings.note')}
      extra={
        may('payment.clearing.prepare') ? (
          <Button
            type="primary"
            onClick={() => {
              setStarting(true);
            }}
          >
            {t('clearings.start')}
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
        <DataTable<ClearingRun>
          unit
          label={t('menu.clearings')}
          route="/clearings"
          query={values}
          rowKey={(run) => run.id}
          empty={t('clearings.empty')}
          columns={[
            { title: t('field.year'), render: (_, run) => <Link to={`/clearings/${run.id}`}>{run.year}</Link> },
            { title: t('field.scheme'), render: (_, run) => t(`scheme.${run.scheme}`) },
            state<ClearingRun>(t('field.state'), 'state'),
            ...(['accepted', 'budget', 'payable', 'paid', 'balance'] as const).map((key) => ({
              title: t(`clearings.${key}`),
              key,
              align: 'right' as const,
              className: 'num',
              render: (_: unknown, run: ClearingRun) => <MoneyText value={run.totals?.[key]} />,
            })),
          ]}
        />
      </section>
      <ActionDialog<{ scheme: string; year: number }>
        open={starting}
        title={t('clearings.start')}
        explain={t('clearings.startExplain')}
        fields={[
          { name: 'scheme', label: t('field.scheme'), options: schemes, initial: '310' },
          {
            name: 'year',
            label: t('field.year'),
            kind: 'integer',
            initial: Number(currentMonth(new Date()).slice(0, 4)) - 1,
          },
        ]}
        action={(body) => ({ route: '/clearings', body })}
        onDone={(answer) => {
          void navigate(`/clearings/${(answer as { id: string }).id}`);
        }}
        onClose={() => {
          setStarting(false);
        }}
      />
    </Page>
  );
}
