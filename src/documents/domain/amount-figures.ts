import { type Fen, yuanText } from '../../common/money/index.js';

/** An amount in figures as paper shows it, thousands apart: 1017004.00 → "1,017,004.00". Yuan, two decimals, exact. */
export function amountFigures(amount: Fen): string {
  const [yuan = '', decimals = ''] = yuanText(amount).split('.');
  return `${yuan.replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals}`;
}
