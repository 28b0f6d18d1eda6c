import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatShort, formatYuan, signOf } from '../money/format';

interface Props {
  /** Decimal text in yuan as the server sent it. */
  value: string | null | undefined;
  /** 3.59 亿元 with the exact amount on focus, hover or tap. */
  short?: boolean;
  unit?: boolean;
  strong?: boolean;
}

/** An amount: grouped, two places, tabular figures, red with a minus sign when negative. */
export function MoneyText({ value, short = false, unit = false, strong = false }: Props) {
  const { t, i18n } = useTranslation();
  const tone = `num-inline${signOf(value) < 0 ? ' negative' : ''}${strong ? ' strong' : ''}`;
  if (short) {
    return (
      <Tooltip title={`${formatYuan(value)} ${t('money.yuan')}`} trigger={['hover', 'focus', 'click']}>
        <span className={tone} tabIndex={0}>
          {formatShort(value, i18n.language)}
        </span>
      </Tooltip>
    );
  }
  return (
    <span className={tone}>
      {formatYuan(value)}
      {unit ? ` ${t('money.yuan')}` : ''}
    </span>
  );
}
