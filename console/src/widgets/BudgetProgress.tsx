import { useTranslation } from 'react-i18next';
import { percentText, plotNumber } from '../money/format';

interface Props {
  used: string | null | undefined;
  budget: string | null | undefined;
  /** Share of the year that has passed, 0–100, when the bar should say whether spending runs ahead. */
  timePercent?: number;
}

/** Budget used: never clamped. Over 100 % it says 超支 with a symbol, a colour and where the budget ends. */
export function BudgetProgress({ used, budget, timePercent }: Props) {
  const { t } = useTranslation();
  const text = percentText(used, budget);
  if (text === null) return <span className="muted">{t('budget.none')}</span>;
  const share = (plotNumber(used) * 100) / plotNumber(budget);
  const over = share > 100;
  const ahead = !over && timePercent !== undefined && share > timePercent + 5;
  const scale = Math.max(100, share);
  const colour = over ? '#a8071a' : ahead ? '#ad4e00' : '#0958d9';
  const word = over ? t('budget.over') : ahead ? t('budget.ahead') : null;
  return (
    <div className="budget-bar">
      <div className="words">
        {word === null ? null : (
          <span className={over ? 'over' : 'ahead'}>
            <span aria-hidden="true">▲</span> {word}
          </span>
        )}
        <span className={over ? 'over' : ''}>{text}</span>
      </div>
      <div className="track" aria-hidden="true">
        <div className="fill" style={{ width: `${String((share * 100) / scale)}%`, background: colour }} />
        {over ? <div className="limit" style={{ left: `${String(10000 / scale)}%` }} /> : null}
      </div>
    </div>
  );
}
