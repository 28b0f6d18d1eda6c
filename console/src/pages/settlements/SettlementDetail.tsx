import { Button, Descriptions } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { Institution, SettledLine, SettlementDetail as Detail } from '../../api/model';
import { useMay } from '../../app/session';
import { formatYuan, signOf } from '../../money/format';
import { ActionDialog } from '../../widgets/ActionDialog';
import { money } from '../../widgets/columns';
import { HowComputed, type ComputedStep } from '../../widgets/HowComputed';
import { MoneyText } from '../../widgets/MoneyText';
import { Figure, Loaded, Page, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { instantText } from '../../widgets/time';
import { SettlementState } from './SettlementList';

export default function SettlementDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const may = useMay();
  const read = useRead<Detail>(path('/settlements/{id}', { id }));
  const [how, setHow] = useState(false);
  const [reversing, setReversing] = useState(false);
  const bill = read.data;
  const reversible =
    bill !== undefined && bill.kind === 'settlement' && bill.reversedBy === null && may('claims.settle');
  return (
    <Page
      title={`${t('settlements.one')} ${bill?.billNo ?? ''}`}
      trail={[{ text: t('menu.group.claims') }, { text: t('menu.settlements'), to: '/settlements' }]}
      labels={bill === undefined ? null : <SettlementState settlement={bill} />}
      extra={
        <>
          <Button
            type="primary"
            onClick={() => {
              setHow(true);
            }}
          >
            {t('action.how')}
          </Button>
          {reversible ? (
            <Button
              danger
              onClick={() => {
                setReversing(true);
              }}
            >
              {t('settlements.reverse')}
            </Button>
          ) : null}
        </>
      }
    >
      <Loaded query={read}>{(settlement) => <Parts settlement={settlement} />}</Loaded>
      <Explanation
        id={id}
        open={how}
        onClose={() => {
          setHow(false);
        }}
      />
      <ActionDialog<{ reason: string }>
        open={reversing}
        danger
        title={t('settlements.reverse')}
        explain={t('settlements.reverseExplain')}
        fields={[{ name: 'reason', label: t('field.reason'), kind: 'long' }]}
        action={(values) => ({ route: path('/settlements/{id}/reverse', { id }), body: values })}
        onClose={() => {
          setReversing(false);
        }}
      />
    </Page>
  );
}

function Parts({ settlement }: { settlement: Detail }) {
  const { t } = useTranslation();
  const funds = Object.entries(settlement.funds).filter(([, amount]) => signOf(amount) !== 0);
  return (
    <>
      <div className="figures">
        <Figure name={t('settlements.total')} value={<MoneyText value={settlement.total} unit />} />
        <Figure name={t('settlements.inscp')} value={<MoneyText value={settlement.inscp} unit />} />
        <Figure name={t('settlements.fundPaySum')} value={<MoneyText value={settlement.fundPaySum} unit />} />
        <Figure name={t('settlements.acctPay')} value={<MoneyText value={settlement.acctPay} unit />} />
        <Figure name={t('settlements.cashPay')} value={<MoneyText value={settlement.cashPay} unit />} />
      </div>
      <div className="split">
        <Panel title={t('settlements.visit')}>
          <Visit settlement={settlement} />
        </Panel>
        <Panel unit title={t('settlements.split')}>
          <Descriptions
            column={1}
            size="small"
            styles={{ content: { justifyContent: 'flex-end' } }}
            items={[
              ...(['fulamtOwnpay', 'overlmtSelfpay', 'preselfpay', 'inscp', 'deductible', 'hospPart'] as const).map(
                (key) => ({
                  key,
                  label: t(`settlements.${key}`),
                  children: <MoneyText value={settlement[key]} />,
                }),
              ),
              ...funds.map(([fund, amount]) => ({
                key: fund,
                label: t(`fund.${fund}`),
                children: <MoneyText value={amount} strong />,
              })),
            ]}
          />
        </Panel>
      </div>
      <Panel unit title={t('settlements.lines', { count: settlement.lineCount })}>
        <PlainTable<SettledLine>
          label={t('settlements.linesLabel')}
          size="small"
          rowKey={(line) => line.lineNo}
          dataSource={settlement.lines}
          pagination={settlement.lines.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
          columns={[
            { title: t('settlements.lineNo'), dataIndex: 'lineNo', align: 'right', className: 'num' },
            { title: t('settlements.item'), dataIndex: 'itemCode' },
            {
              title: t('settlements.class'),
              render: (_, line) => t(`class.${line.class}`, { defaultValue: line.class }),
            },
            { title: t('settlements.feeDate'), dataIndex: 'feeDate' },
            { title: t('settlements.quantity'), dataIndex: 'quantity', align: 'right', className: 'num' },
            {
              title: t('settlements.unitPrice'),
              align: 'right',
              className: 'num',
              render: (_, line) => formatYuan(line.unitPrice),
            },
            money<SettledLine>(t('settlements.amount'), 'amount'),
            money<SettledLine>(t('settlements.fulamtOwnpay'), 'fulamtOwnpay'),
            money<SettledLine>(t('settlements.overlmtSelfpay'), 'overlmtSelfpay'),
            money<SettledLine>(t('settlements.preselfpay'), 'preselfpay'),
            money<SettledLine>(t('settlements.inscp'), 'inscp', true),
          ]}
        />
      </Panel>
    </>
  );
}

function Visit({ settlement }: { settlement: Detail }) {
  const { t } = useTranslation();
  const provider = useRead<Institution>(path('/institutions/{id}', { id: settlement.providerId }));
  const other = settlement.reversesId ?? settlement.reversedBy;
  return (
    <Descriptions
      column={{ xs: 1, sm: 2 }}
      size="small"
      items={[
        { key: 'provider', label: t('field.provider'), children: provider.data?.name ?? '—' },
        {
          key: 'person',
          label: t('field.person'),
          children: <Link to={`/persons/${settlement.personId}`}>{t('settlements.toPerson')}</Link>,
        },
        { key: 'scheme', label: t('field.scheme'), children: t(`scheme.${settlement.scheme}`) },
        { key: 'category', label: t('field.category'), children: t(`category.${settlement.category}`) },
        {
          key: 'stay',
          label: t('settlements.stay'),
          children: `${settlement.admittedOn} — ${settlement.dischargedOn}`,
        },
        { key: 'month', label: t('field.month'), children: settlement.month },
        { key: 'at', label: t('settlements.settledAt'), children: instantText(settlement.settledAt) },
        { key: 'by', label: t('field.by'), children: settlement.postedBy },
        ...(other === null
          ? []
          : [
              {
                key: 'other',
                label: t('settlements.other'),
                children: <Link to={`/settlements/${other}`}>{t('action.open')}</Link>,
              },
            ]),
        {
          key: 'version',
          label: t('computed.version'),
          span: 2,
          children: <span className="mono">{settlement.policyVersion}</span>,
        },
      ]}
    />
  );
}

interface Explained {
  policyVersion: string;
  /** Numbered sentences in the language asked for, each with its article. */
  steps: string[];
}

function Explanation({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language === 'en' ? 'en' : 'zh';
  const read = useRead<Explained>(open ? path('/settlements/{id}/explain', { id }) : null, { lang });
  const steps: ComputedStep[] = (read.data?.steps ?? []).map((step, index) => ({
    title: t('settlements.step', { number: index + 1 }),
    formula: step.replace(/^\d+\. /, ''),
  }));
  return (
    <HowComputed
      open={open}
      onClose={onClose}
      title={t('action.how')}
      steps={steps}
      policyVersion={read.data?.policyVersion ?? null}
    />
  );
}
