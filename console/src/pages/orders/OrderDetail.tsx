import { Descriptions, Steps } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { OrderDetail as Detail } from '../../api/model';
import { useMay } from '../../app/session';
import { ApprovalTimeline, LifecycleButtons, NextActor } from '../../widgets/Lifecycle';
import { MoneyText } from '../../widgets/MoneyText';
import { Loaded, Page, Panel } from '../../widgets/Page';
import { PaperButton } from '../../widgets/PaperButton';
import { useReveal } from '../../widgets/Reveal';
import { OrderState } from './OrderState';
import { orderSteps } from './steps';

const WAY = ['prepared', 'reviewed', 'approved', 'signed-off', 'sent', 'paid'] as const;

export default function OrderDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const route = path('/payment-orders/{id}', { id });
  const read = useRead<Detail>(route);
  const order = read.data;
  const title = `${t('orders.one')} ${order?.orderNo ?? ''}`;
  return (
    <Page
      title={title}
      trail={[{ text: t('menu.group.payment') }, { text: t('menu.payment-orders'), to: '/payment-orders' }]}
      labels={order === undefined ? null : <OrderState state={order.state} />}
      extra={
        order === undefined ? null : (
          <>
            <PaperButton
              route={`${route}/voucher.pdf`}
              fileName={`voucher-${order.orderNo.replaceAll('/', '-')}.pdf`}
              text={t('action.voucherPdf')}
            />
            <LifecycleButtons actions={orderSteps(t)} state={order.state} route={route} subject={title} />
          </>
        )
      }
    >
      <Loaded query={read}>{(loaded) => <Facts order={loaded} />}</Loaded>
    </Page>
  );
}

function Facts({ order }: { order: Detail }) {
  const { t } = useTranslation();
  const may = useMay();
  const reveal = useReveal<{ payeeAccount: string }>(
    path('/payment-orders/{id}/reveal', { id: order.id }),
    may('payment.order.reveal'),
  );
  const at = order.state === 'reconciled' ? WAY.length : WAY.findIndex((state) => state === order.state);
  const people: Record<string, string | null> = {
    prepared: order.preparedBy,
    reviewed: order.reviewedBy,
    approved: order.approvedBy,
    'signed-off': order.signedBy,
    sent: order.sentOn,
    paid: order.paidOn,
  };
  const document =
    order.sourceKind === 'clearing' ? `/clearings/${order.sourceId}` : `/month-settlements/${order.sourceId}`;
  return (
    <>
      <NextActor actions={orderSteps(t)} state={order.state} />
      <Panel title={t('orders.way')}>
        <Steps
          size="small"
          current={order.state === 'returned' ? 5 : at + (at === WAY.length ? 0 : 1)}
          status={order.state === 'returned' ? 'error' : 'process'}
          items={WAY.map((state) => ({ title: t(`orderState.${state}`), content: people[state] ?? '' }))}
        />
      </Panel>
      <div className="split">
        <Panel title={t('orders.facts')}>
          <Descriptions
            column={1}
            items={[
              {
                key: 'amount',
                label: t('settlements.amount'),
                children: <MoneyText value={order.amount} unit strong />,
              },
              { key: 'payee', label: t('orders.payee'), children: order.payeeName },
              { key: 'bank', label: t('orders.bank'), children: order.payeeBank },
              {
                key: 'account',
                label: t('orders.account'),
                children: (
                  <span>
                    <span className="num-inline">{reveal.shown?.payeeAccount ?? order.payeeAccount}</span> {reveal.eye}
                    {reveal.dialog}
                  </span>
                ),
              },
              { key: 'provider', label: t('field.provider'), children: order.providerName },
              { key: 'scheme', label: t('field.scheme'), children: t(`scheme.${order.scheme}`) },
              {
                key: 'source',
                label: t('orders.source'),
                children: <Link to={document}>{`${t(`orderSource.${order.sourceKind}`)} ${order.period}`}</Link>,
              },
              { key: 'reference', label: t('orders.bankReference'), children: order.bankReference ?? '—' },
              ...(order.returnReason === null
                ? []
                : [{ key: 'returned', label: t('orders.returnReason'), children: order.returnReason }]),
            ]}
          />
        </Panel>
        <Panel title={t('lifecycle.timeline')}>
          <ApprovalTimeline
            acts={order.timeline ?? []}
            first={{ text: t('orders.preparedBy', { by: order.preparedBy }), at: order.preparedOn }}
          />
        </Panel>
      </div>
    </>
  );
}
