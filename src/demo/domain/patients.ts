import { frailtyOf, type People } from './people.js';
import { IndexDraw, type Random } from './random.js';
import { type GroupIndex, groupOf } from './targets.js';

/** Chronic patients come this much more often than others of their age. */
const CHRONIC_WEIGHT = 2.5;

interface Draws {
  readonly all: IndexDraw;
  readonly chronic: IndexDraw;
  readonly members: Uint32Array;
}

/** Who falls ill: draws of persons by group, made anew for each year of the region. */
export class Patients {
  private year = 0;
  private draws: readonly Draws[] = [];

  constructor(private readonly people: People) {}

  /** A person of the group, by position; undefined when nobody of it lives in that year. */
  draw(random: Random, year: number, group: GroupIndex, chronicOnly: boolean): number | undefined {
    if (this.year !== year) this.turn(year);
    const draws = this.draws[group];
    const draw = chronicOnly ? draws?.chronic : draws?.all;
    return draw === undefined || draw.isEmpty ? undefined : draws?.members[draw.draw(random)];
  }

  private turn(year: number): void {
    this.year = year;
    const groups = new Uint8Array(this.people.count);
    const sizes = [0, 0, 0, 0];
    for (let index = 0; index < this.people.count; index += 1) {
      const group = this.groupIn(index, year);
      groups[index] = group;
      if (group < sizes.length) sizes[group] = (sizes[group] ?? 0) + 1;
    }
    this.draws = sizes.map((size, group) => this.drawsOf(groups, group, size, year));
  }

  // 4 = nobody: not insured, or not yet born.
  private groupIn(index: number, year: number): GroupIndex | 4 {
    const { isInsured, birthYear, employeeSince, inCity } = this.people.sketchOf(index);
    if (!isInsured || birthYear > year) return 4;
    return groupOf(employeeSince > 0 && year >= employeeSince ? '310' : '390', inCity);
  }

  private drawsOf(groups: Uint8Array, group: number, size: number, year: number): Draws {
    const members = new Uint32Array(size);
    let filled = 0;
    for (let index = 0; index < groups.length; index += 1) if (groups[index] === group) members[filled++] = index;
    const weight = (position: number, chronicOnly: boolean): number => {
      const { birthYear, isChronic } = this.people.sketchOf(members[position] ?? 0);
      if (chronicOnly && !isChronic) return 0;
      return frailtyOf(year - birthYear) * (isChronic ? CHRONIC_WEIGHT : 1);
    };
    return {
      members,
      all: new IndexDraw(size, (position) => weight(position, false)),
      chronic: new IndexDraw(size, (position) => weight(position, true)),
    };
  }
}
