import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { MonthDetail, MonthLine, MonthSheet } from '../../api/model';
import { stepsOf } from '../../api/trace';
import { money, text } from '../../widgets/columns';
import { ErrorPanel } from '../../widgets/ErrorPanel';
import { HowComputed } from '../../widgets/HowComputed';
import { PaperButton } from '../../widgets/PaperButton';
import { PlainTable } from '../../widgets/PlainTable';

type Cell = MonthSheet['cells'][number];
type Adjustment = MonthSheet['adjustments'][number];

interface Props {
  run: MonthDetail;
  line: MonthLine | null;
  onClose: () => void;
}

/** 怎么算的 for one provider of a month, down to its funds, its adjustments and its bills. */
export function MonthSheetDrawer({ run, line, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const route =
    line === null
      ? null
      : path('/month-settlements/{id}/lines/{providerId}', { id: run.id, providerId: line.providerId });
  const read = useRead<MonthSheet>(route);
  const sheet = read.data;
  const ready = sheet !== undefined && sheet.providerId === line?.providerId;
  return (
    <HowComputed
      open={line !== null}
      onClose={onClose}
      title={`${t('action.how')} · ${line?.providerName ?? ''} ${run.month}`}
      steps={ready ? stepsOf(sheet.trace, i18n.language, t) : []}
      policyVersion={run.policyVersion}
      links={
        line === null ? null : (
          <p>
            <Link to={`/settlements?month=${run.month}&scheme=${run.scheme}&providerId=${line.providerId}`}>
              {t('months.toBills', { count: line.settlements })}
            </Link>
          </p>
        )
      }
    >
      {read.error === null ? null : <ErrorPanel problem={read.error} />}
      {line === null || !ready ? null : (
        <PaperButton
          key={line.providerId}
          route={`${path('/month-settlements/{id}/lines/{providerId}', { id: run.id, providerId: line.providerId })}/sheet.pdf`}
          fileName={`settlement-sheet-${run.month}-${line.providerName}.pdf`}
          text={t('action.monthSheetPdf')}
        />
      )}
      {ready ? <Parts sheet={sheet} /> : read.error === null ? <Skeleton active /> : null}
    </HowComputed>
  );
}

function Parts({ sheet }: { sheet: MonthSheet }) {
  const { t } = useTranslation();
  return (
    <>
      <PlainTable<Cell>
        label={t('months.byFund')}
        size="small"
        style={{ marginBottom: 12 }}
        rowKey={(cell) => `${cell.fund}-${cell.category}`}
        dataSource={sheet.cells}
        columns={[
          { title: t('field.fund'), render: (_, cell) => t(`fund.${cell.fund}`) },
          { title: t('field.category'), render: (_, cell) => t(`category.${cell.category}`) },
          money<Cell>(t('months.accepted'), 'accepted'),
          money<Cell>(t('months.eligible'), 'eligible'),
          money<Cell>(t('months.yearToDate'), 'ytdAccepted'),
        ]}
      />
      {sheet.adjustments.length === 0 ? null : (
        <PlainTable<Adjustment>
          label={t('months.adjustment')}
          size="small"
          style={{ marginBottom: 12 }}
          rowKey={(adjustment) => adjustment.id}
          dataSource={sheet.adjustments}
          columns={[
            money<Adjustment>(t('months.adjustment'), 'amount'),
            text<Adjustment>(t('field.reason'), 'reason'),
            text<Adjustment>(t('field.document'), 'document'),
            text<Adjustment>(t('field.by'), 'createdBy'),
          ]}
        />
      )}
    </>
  );
}
