import { defineErrors, DomainError } from '../errors/index.js';

/**
 * An amount of money in fen (分, 1/100 yuan) – the only shape money has inside the system.
 * A bigint, so that no sum of a region can lose a fen; branded, so that a count or a rate cannot be passed for it.
 */
export type Fen = bigint & { readonly __unit: 'fen' };

export const moneyErrors = defineErrors('money', {
  'not-an-amount': {
    kind: 'invalid',
    zh: '“{value}”不是金额：请写成最多两位小数的十进制文本，例如 "7595.62"。',
    en: '"{value}" is not an amount: write decimal text with at most two decimals, such as "7595.62".',
  },
});

/** Marks an integer count of fen as money. Throws a RangeError for a number that is not a safe integer. */
export function fen(amount: bigint | number): Fen {
  if (typeof amount === 'number' && !Number.isSafeInteger(amount)) {
    throw new RangeError(`fen needs a safe integer, got ${String(amount)}`);
  }
  return BigInt(amount) as Fen;
}

export const ZERO_FEN: Fen = fen(0n);

const YUAN = /^(-?)(\d{1,15})(?:\.(\d{1,2}))?$/;

/** Reads decimal yuan text such as "7595.62". Error `money.not-an-amount` for anything else, including a third decimal. */
export function parseYuan(text: string): Fen {
  const match = YUAN.exec(text);
  if (!match) {
    throw new DomainError(moneyErrors['not-an-amount'], { value: text.slice(0, 40) });
  }
  const [, sign = '', yuan = '0', decimals = ''] = match;
  const amount = BigInt(yuan) * 100n + BigInt(decimals.padEnd(2, '0') || '0');
  return fen(sign === '-' ? -amount : amount);
}

/** Writes an amount as decimal yuan text with exactly two decimals, as JSON and documents carry it. */
export function yuanText(amount: Fen): string {
  const negative = amount < 0n;
  const digits = (negative ? -amount : amount).toString().padStart(3, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Adds amounts; the sum of none is zero. */
export function sumFen(amounts: Iterable<Fen>): Fen {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return fen(total);
}

/** The smaller of two amounts. */
export function minFen(a: Fen, b: Fen): Fen {
  return a < b ? a : b;
}

/** The larger of two amounts. */
export function maxFen(a: Fen, b: Fen): Fen {
  return a > b ? a : b;
}
