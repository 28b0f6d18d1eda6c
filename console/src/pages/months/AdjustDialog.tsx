import { useTranslation } from 'react-i18next';
import type { MonthLine } from '../../api/model';
import { ActionDialog } from '../../widgets/ActionDialog';

interface Props {
  route: string;
  line: MonthLine;
  onClose: () => void;
}

interface Values {
  amount: string;
  reason: string;
  document?: string;
}

/** An adjustment is a new line with a sign, a reason and a document; the computed amounts stay as they are. */
export function AdjustDialog({ route, line, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <ActionDialog<Values>
      open
      title={t('months.adjustTitle', { name: line.providerName })}
      explain={t('months.adjustExplain')}
      fields={[
        { name: 'amount', label: t('months.adjustAmount'), kind: 'money', help: t('months.adjustSign') },
        { name: 'reason', label: t('field.reason'), kind: 'long' },
        { name: 'document', label: t('field.document'), required: false },
      ]}
      action={(values) => ({
        route: `${route}/adjustments`,
        body: {
          providerId: line.providerId,
          amount: values.amount,
          reason: values.reason,
          ...(values.document === undefined || values.document === '' ? {} : { document: values.document }),
        },
      })}
      onClose={onClose}
    />
  );
}
