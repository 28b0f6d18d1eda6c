import { Descriptions } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { Journal, JournalLine, TrialBalance } from '../../api/model';
import { money } from '../../widgets/columns';
import { Loaded, Page, Panel } from '../../widgets/Page';
import { PlainTable } from '../../widgets/PlainTable';
import { instantText } from '../../widgets/time';

/** Where the document behind a journal is shown. */
const DOCUMENTS: Record<string, string> = {
  settlement: '/settlements/',
  reversal: '/settlements/',
  'payment-order': '/payment-orders/',
  'month-settlement': '/month-settlements/',
  'annual-clearing': '/clearings/',
  'payment-order-paid': '/payment-orders/',
  'payment-order-returned': '/payment-orders/',
  'payment-order-reissued': '/payment-orders/',
};

export default function JournalDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const read = useRead<Journal>(path('/ledger/journals/{id}', { id }));
  return (
    <Page
      title={t('ledger.one')}
      trail={[{ text: t('menu.group.fund') }, { text: t('menu.journals'), to: '/ledger/journals' }]}
    >
      <Loaded query={read}>{(journal) => <Facts journal={journal} />}</Loaded>
    </Page>
  );
}

function Facts({ journal }: { journal: Journal }) {
  const { t, i18n } = useTranslation();
  const accounts = useRead<TrialBalance>('/ledger/trial-balance');
  const nameOf = (code: string): string => {
    const account = accounts.data?.accounts.find((row) => row.account === code);
    if (account === undefined) return code;
    return `${code} ${i18n.language === 'en' ? account.nameEn : account.nameZh}`;
  };
  const document = DOCUMENTS[journal.sourceKind];
  return (
    <>
      <Panel>
        <Descriptions
          column={{ xs: 1, sm: 2, lg: 3 }}
          items={[
            { key: 'on', label: t('ledger.postedOn'), children: journal.postedOn },
            { key: 'period', label: t('ledger.period'), children: journal.period },
            { key: 'scheme', label: t('field.scheme'), children: t(`scheme.${journal.scheme}`) },
            {
              key: 'source',
              label: t('ledger.sourceKind'),
              children:
                document === undefined ? (
                  `${journal.sourceKind} ${journal.sourceId}`
                ) : (
                  <Link to={`${document}${journal.sourceId}`}>{journal.sourceKind}</Link>
                ),
            },
            { key: 'memo', label: t('ledger.memo'), children: journal.memo === '' ? '—' : journal.memo },
            { key: 'by', label: t('field.by'), children: `${journal.postedBy} ${instantText(journal.createdAt)}` },
          ]}
        />
      </Panel>
      <Panel unit title={t('ledger.entries')}>
        <PlainTable<JournalLine & { key: number }>
          label={t('ledger.entries')}
          dataSource={journal.lines.map((line, key) => ({ ...line, key }))}
          columns={[
            { title: t('ledger.debit'), render: (_, line) => nameOf(line.debit) },
            { title: t('ledger.credit'), render: (_, line) => nameOf(line.credit) },
            money<JournalLine & { key: number }>(t('settlements.amount'), 'amount', true),
          ]}
        />
      </Panel>
    </>
  );
}
