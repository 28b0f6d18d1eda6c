import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { PaymentOrder } from '../../api/model';
import { money, text } from '../../widgets/columns';
import { DataTable } from '../../widgets/DataTable';
import { FilterBar, useFilters } from '../../widgets/Filters';
import { Page } from '../../widgets/Page';
import { SCHEMES, useChoices } from '../options';
import { OrderState } from './OrderState';
import { ORDER_STATES } from './steps';

export default function OrderList() {
  const { t } = useTranslation();
  const { values, change } = useFilters({ state: '', scheme: '', sourceId: '' });
  return (
    <Page title={t('menu.payment-orders')} trail={[{ text: t('menu.group.payment') }]} note={t('orders.note')}>
      <FilterBar
        values={values}
        onChange={change}
        filters={[
          { name: 'state', label: t('field.state'), options: useChoices('orderState', ORDER_STATES) },
          { name: 'scheme', label: t('field.scheme'), options: useChoices('scheme', SCHEMES) },
          { name: 'sourceId', label: t('orders.sourceId'), width: 300 },
        ]}
      />
      <section className="panel">
        <DataTable<PaymentOrder>
          unit
          label={t('menu.payment-orders')}
          route="/payment-orders"
          query={values}
          rowKey={(order) => order.id}
          empty={t('orders.empty')}
          columns={[
            {
              title: t('orders.number'),
              render: (_, order) => <Link to={`/payment-orders/${order.id}`}>{order.orderNo}</Link>,
            },
            text<PaymentOrder>(t('field.provider'), 'providerName'),
            { title: t('field.scheme'), render: (_, order) => t(`scheme.${order.scheme}`) },
            text<PaymentOrder>(t('field.month'), 'period'),
            {
              title: t('orders.source'),
              render: (_, order) => t(`orderSource.${order.sourceKind}`, { defaultValue: order.sourceKind }),
            },
            money<PaymentOrder>(t('settlements.amount'), 'amount', true),
            { title: t('field.state'), render: (_, order) => <OrderState state={order.state} /> },
          ]}
        />
      </section>
    </Page>
  );
}
