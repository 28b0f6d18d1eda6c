import { daysBetween, type LocalDate, parseLocalDate } from '../../common/time/index.js';

const EPOCH = parseLocalDate('1970-01-01');
const MS_PER_DAY = 86_400_000;

/**
 * A small deterministic generator (sfc32 of PractRand, seeded by FNV-1a of the text): the same seed gives the same
 * sequence on every machine. For the demonstration only – nothing secret may come from it.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(private readonly seed: string) {
    this.a = hash(seed, 0x811c9dc5);
    this.b = hash(seed, 0x9e3779b9);
    this.c = hash(seed, 0x85ebca6b);
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** An independent sequence for a part of the region, so that more rows in one part change nothing in another. */
  fork(label: string): Random {
    return new Random(`${this.seed}/${label}`);
  }

  /** 32 random bits as an unsigned integer. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum >>> 0;
  }

  /** An integer from `low` to `high`, both possible. */
  int(low: number, high: number): number {
    return low + Math.floor((this.next() / 4_294_967_296) * (high - low + 1));
  }

  /** True in `permille` of 1000 cases. */
  chance(permille: number): boolean {
    return this.int(1, 1000) <= permille;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.int(0, list.length - 1)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  /** An id in the shape of a version 7 uuid that belongs to a day. */
  uuid(on: LocalDate): string {
    const ms = daysBetween(EPOCH, on) * MS_PER_DAY + this.int(0, MS_PER_DAY - 1);
    const time = ms.toString(16).padStart(12, '0');
    const tail = Array.from({ length: 3 }, () => this.next().toString(16).padStart(8, '0')).join('');
    const variant = (8 + this.int(0, 3)).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-${variant}${tail.slice(3, 6)}-${tail.slice(6, 18)}`;
  }
}

/** Draws from a list by integer weights, each draw in logarithmic time. */
export class WeightedDraw<T> {
  private readonly upTo: number[] = [];
  private readonly total: number;

  constructor(
    private readonly items: readonly T[],
    weightOf: (item: T) => number,
  ) {
    let total = 0;
    for (const item of items) {
      total += weightOf(item);
      this.upTo.push(total);
    }
    if (total <= 0) throw new RangeError('a draw needs a positive weight');
    this.total = total;
  }

  draw(random: Random): T {
    const target = random.int(1, this.total);
    let low = 0;
    let high = this.upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.upTo[middle] ?? 0) >= target) high = middle;
      else low = middle + 1;
    }
    const found = this.items[low];
    if (found === undefined) throw new RangeError('nothing to draw from');
    return found;
  }
}

function hash(text: string, basis: number): number {
  let value = basis;
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  return value | 0;
}
