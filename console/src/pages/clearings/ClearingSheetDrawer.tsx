import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { path } from '../../api/client';
import { useRead } from '../../api/hooks';
import type { ClearingDetail, ClearingLine, ClearingSheet } from '../../api/model';
import { stepsOf } from '../../api/trace';
import { ErrorPanel } from '../../widgets/ErrorPanel';
import { HowComputed } from '../../widgets/HowComputed';
import { PaperButton } from '../../widgets/PaperButton';

interface Props {
  run: ClearingDetail;
  line: ClearingLine | null;
  onClose: () => void;
}

/** 怎么算的 for one provider's year: bands, controls, deposit, and the balance. */
export function ClearingSheetDrawer({ run, line, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const read = useRead<ClearingSheet>(
    line === null ? null : path('/clearings/{id}/lines/{providerId}', { id: run.id, providerId: line.providerId }),
  );
  const ready = read.data !== undefined && read.data.providerId === line?.providerId;
  return (
    <HowComputed
      open={line !== null}
      onClose={onClose}
      title={`${t('action.how')} · ${line?.providerName ?? ''} ${String(run.year)}`}
      steps={ready ? stepsOf(read.data.trace, i18n.language, t) : []}
      policyVersion={run.policyVersion}
      links={
        line === null ? null : (
          <Link to={`/settlements?scheme=${run.scheme}&providerId=${line.providerId}`}>{t('clearings.toBills')}</Link>
        )
      }
    >
      {read.error === null ? null : <ErrorPanel problem={read.error} />}
      {line === null || !ready ? null : (
        <PaperButton
          key={line.providerId}
          route={`${path('/clearings/{id}/lines/{providerId}', { id: run.id, providerId: line.providerId })}/letter.pdf`}
          fileName={`clearing-letter-${String(run.year)}-${line.providerName}.pdf`}
          text={t('action.clearingLetterPdf')}
        />
      )}
      {ready || read.error !== null ? null : <Skeleton active />}
    </HowComputed>
  );
}
