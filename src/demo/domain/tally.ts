/** Counts how often each number came, in twelve bytes a place: an open table of fixed size. */
export class Tally {
  private readonly keys: Float64Array;
  private readonly counts: Uint16Array;
  private readonly mask: number;

  /** @param distinct how many different numbers may come at most */
  constructor(distinct: number) {
    const places = 2 ** Math.ceil(Math.log2(Math.max(16, distinct * 2)));
    this.keys = new Float64Array(places).fill(-1);
    this.counts = new Uint16Array(places);
    this.mask = places - 1;
  }

  /** Counts a number ≥ 0 and returns how often it had come before. */
  add(key: number): number {
    let place = Math.imul(key, 0x9e3779b1) & this.mask;
    while (this.keys[place] !== key && this.keys[place] !== -1) place = (place + 1) & this.mask;
    this.keys[place] = key;
    const before = this.counts[place] ?? 0;
    this.counts[place] = before + 1;
    return before;
  }
}
