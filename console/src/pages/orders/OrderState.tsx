import { useTranslation } from 'react-i18next';
import { StateTag } from '../../widgets/StateTag';

/** An order is done when the bank has paid; until then its state says who must act. */
export function OrderState({ state }: { state: string }) {
  const { t } = useTranslation();
  const tone = state === 'returned' ? 'stop' : ['paid', 'reconciled'].includes(state) ? 'done' : 'wait';
  return <StateTag state={state} tone={tone} text={t(`orderState.${state}`)} />;
}
