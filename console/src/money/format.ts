/**
 * Money on the screen. The server sends decimal text ("7595.62"); everything here works on text and
 * on bigint fen, because a JavaScript number cannot hold every amount of a prefecture exactly.
 */

const MONEY = /^(-?)(\d+)(?:\.(\d{1,2}))?$/;

/** Fen (hundredths of a yuan) of a decimal text; `null` when the text is not an amount. */
export function fenOf(text: string | null | undefined): bigint | null {
  const match = MONEY.exec(text ?? '');
  if (match === null) return null;
  const [, sign, whole, fraction = ''] = match;
  const fen = BigInt(whole ?? '0') * 100n + BigInt(fraction.padEnd(2, '0'));
  return sign === '-' ? -fen : fen;
}

/** Decimal text with two places of an amount in fen. */
export function yuanText(fen: bigint): string {
  const magnitude = fen < 0n ? -fen : fen;
  const cents = (magnitude % 100n).toString().padStart(2, '0');
  return `${fen < 0n ? '-' : ''}${(magnitude / 100n).toString()}.${cents}`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** "1234567.8" → "1,234,567.80"; a text that is not an amount comes back unchanged, "—" for none. */
export function formatYuan(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') return '—';
  const fen = fenOf(text);
  if (fen === null) return text;
  const plain = yuanText(fen);
  const negative = plain.startsWith('-');
  const [whole = '0', cents = '00'] = plain.replace('-', '').split('.');
  return `${negative ? '−' : ''}${grouped(whole)}.${cents}`;
}

/** Half-up division of integers, away from zero. */
function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const a = dividend < 0n ? -dividend : dividend;
  const b = divisor < 0n ? -divisor : divisor;
  const quotient = (a * 2n + b) / (b * 2n);
  return negative ? -quotient : quotient;
}

/** Short form for narrow screens and charts: amounts of 亿 and 万 (or bn / m / k in English), two places. */
export function formatShort(text: string | null | undefined, language: string): string {
  const fen = fenOf(text);
  if (fen === null) return formatYuan(text);
  const steps: [bigint, string][] = language.startsWith('zh')
    ? [
        [10_000_000_000n, ' 亿元'],
        [1_000_000n, ' 万元'],
      ]
    : [
        [100_000_000_000n, ' bn yuan'],
        [100_000_000n, ' m yuan'],
        [100_000n, ' k yuan'],
      ];
  const magnitude = fen < 0n ? -fen : fen;
  for (const [unit, name] of steps) {
    if (magnitude >= unit) return `${formatYuan(yuanText(divideHalfUp(fen * 100n, unit)))}${name}`;
  }
  return `${formatYuan(text)}${language.startsWith('zh') ? ' 元' : ' yuan'}`;
}

/** part ÷ whole as a percentage with one decimal, exact half-up; `null` when the whole is 0 or absent. */
export function percentText(part: string | null | undefined, whole: string | null | undefined): string | null {
  const a = fenOf(part);
  const b = fenOf(whole);
  if (a === null || b === null || b === 0n) return null;
  return thousandthsText(divideHalfUp(a * 1000n, b));
}

/** A ratio given as decimal text ("1.0619", "0.85") as a percentage with one decimal, half-up. */
export function ratioAsPercent(ratio: string | null | undefined): string | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(ratio ?? '');
  if (match === null) return null;
  const [, sign, whole, fraction = ''] = match;
  const scaled = BigInt(`${whole ?? '0'}${fraction}`) * (sign === '-' ? -1n : 1n);
  return thousandthsText(divideHalfUp(scaled * 1000n, 10n ** BigInt(fraction.length)));
}

function thousandthsText(thousandths: bigint): string {
  const magnitude = thousandths < 0n ? -thousandths : thousandths;
  const sign = thousandths < 0n ? '−' : '';
  return `${sign}${(magnitude / 10n).toString()}.${(magnitude % 10n).toString()} %`;
}

/** Sum of amounts in decimal text; texts that are not amounts are an error, never silently zero. */
export function sumYuan(amounts: readonly string[]): string {
  let total = 0n;
  for (const amount of amounts) {
    const fen = fenOf(amount);
    if (fen === null) throw new Error(`not an amount: ${amount}`);
    total += fen;
  }
  return yuanText(total);
}

/** Sign of an amount: -1, 0 or 1; 0 for a text that is not an amount. */
export function signOf(text: string | null | undefined): -1 | 0 | 1 {
  const fen = fenOf(text);
  if (fen === null || fen === 0n) return 0;
  return fen < 0n ? -1 : 1;
}

/** For the length of a bar only – never shown as a figure. */
export function plotNumber(text: string | null | undefined): number {
  const fen = fenOf(text);
  return fen === null ? 0 : Number(fen) / 100;
}
