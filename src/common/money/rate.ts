import { defineErrors, DomainError } from '../errors/index.js';
import { fen, type Fen } from './fen.js';

/** An exact ratio numerator / denominator, denominator > 0: a reimbursement share, a growth factor, a weight. */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const rateErrors = defineErrors('rate', {
  'not-a-rate': {
    kind: 'invalid',
    zh: '“{value}”不是比例：请写成十进制文本，例如 "0.85"。',
    en: '"{value}" is not a rate: write decimal text such as "0.85".',
  },
});

const DECIMAL = /^(-?)(\d{1,9})(?:\.(\d{1,12}))?$/;

/** Reads an exact rate from decimal text such as "0.85" or "1.062". Error `rate.not-a-rate`. */
export function rate(text: string): Rate {
  const match = DECIMAL.exec(text);
  if (!match) {
    throw new DomainError(rateErrors['not-a-rate'], { value: text.slice(0, 40) });
  }
  const [, sign = '', whole = '0', decimals = ''] = match;
  const numerator = BigInt(whole + decimals);
  return { numerator: sign === '-' ? -numerator : numerator, denominator: 10n ** BigInt(decimals.length) };
}

/** The exact ratio of two integers; the denominator must not be zero. */
export function ratio(numerator: bigint, denominator: bigint): Rate {
  if (denominator === 0n) {
    throw new RangeError('a ratio needs a denominator other than zero');
  }
  return denominator < 0n ? { numerator: -numerator, denominator: -denominator } : { numerator, denominator };
}

/** amount × rate, rounded once, half away from zero, to the fen (四舍五入到分). */
export function multiplyRate(amount: Fen, by: Rate): Fen {
  const product = amount * by.numerator;
  const negative = product < 0n;
  const magnitude = negative ? -product : product;
  const rounded = (magnitude * 2n + by.denominator) / (by.denominator * 2n);
  return fen(negative ? -rounded : rounded);
}

/** Decimal text of a rate with `decimals` places, rounded half away from zero; for traces and pages, never for further arithmetic. */
export function rateText(value: Rate, decimals = 4): string {
  const scale = 10n ** BigInt(decimals);
  const scaled = multiplyRate(fen(scale), value);
  const negative = scaled < 0n;
  const digits = (negative ? -scaled : scaled).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${negative ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}
