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
    return low + Math.floor(this.float() * (high - low + 1));
  }

  /** A number from 0 up to, but not including, 1. */
  float(): number {
    return this.next() / 4_294_967_296;
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
    const time = hex(daysBetween(EPOCH, on) * MS_PER_DAY + this.int(0, MS_PER_DAY - 1), 12);
    const tail = hex(this.next(), 8) + hex(this.next(), 8) + hex(this.next(), 8);
    const variant = '89ab'.charAt(this.int(0, 3));
    return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-${variant}${tail.slice(3, 6)}-${tail.slice(6, 18)}`;
  }
}

/** Draws a position by weights, each draw in logarithmic time; eight bytes a position. */
export class IndexDraw {
  private readonly upTo: Float64Array;
  private readonly total: number;

  constructor(count: number, weightOf: (index: number) => number) {
    this.upTo = new Float64Array(count);
    let total = 0;
    for (let index = 0; index < count; index += 1) {
      total += weightOf(index);
      this.upTo[index] = total;
    }
    this.total = total;
  }

  /** Whether there is nothing to draw. */
  get isEmpty(): boolean {
    return !(this.total > 0);
  }

  draw(random: Random): number {
    if (this.isEmpty) throw new RangeError('a draw needs a positive weight');
    const target = random.float() * this.total;
    let low = 0;
    let high = this.upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.upTo[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Draws from a list by weights. */
export class WeightedDraw<T> {
  private readonly positions: IndexDraw;

  constructor(
    private readonly items: readonly T[],
    weightOf: (item: T) => number,
  ) {
    this.positions = new IndexDraw(items.length, (index) => weightOf(items[index] as T));
    if (this.positions.isEmpty) throw new RangeError('a draw needs a positive weight');
  }

  draw(random: Random): T {
    return this.items[this.positions.draw(random)] as T;
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function hash(text: string, basis: number): number {
  let value = basis;
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  return value | 0;
}
