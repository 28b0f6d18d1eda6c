import { ageOn, type LocalDate } from '../../common/time/index.js';
import type { Care } from './care.js';
import type { DemoInstitution, DemoProviders } from './institutions.js';
import type { DemoPerson } from './people.js';
import { PUBLISHED_SHARES } from './published.js';
import { type Random, WeightedDraw } from './random.js';
import { type Aims, type GroupIndex, GROUPS } from './targets.js';

/** Parts of the inpatient cost that are told apart: the two tertiary hospitals, other public hospitals, private ones. */
const BUCKETS = ['tertiary', 'public', 'private'] as const;
type Bucket = (typeof BUCKETS)[number];

/** The tertiary hospitals' share in the residents' inpatient cost, in the city and outside it: chosen. */
const RESIDENTS_TERTIARY = { city: 0.34, outside: 0.22 } as const;

/**
 * Where patients go. Stays are led so that the published shares come out: the next stay of a group goes to the part of
 * the hospitals that is furthest behind its share; within a part, and for all other visits, chance decides.
 */
export class ProviderChoices {
  private readonly draws = new Map<string, WeightedDraw<DemoInstitution>>();
  private readonly spent = GROUPS.map((): Record<Bucket, number> => ({ tertiary: 0, public: 0, private: 0 }));

  constructor(
    private readonly providers: DemoProviders,
    private readonly aims: Aims,
    private readonly today: LocalDate,
  ) {}

  choose(random: Random, care: Care, group: GroupIndex, person: DemoPerson, year: number): DemoInstitution {
    const maternity = person.sex === '2' && ageOn(person.birthDate, this.today) < 45;
    const bucket = care === 'inpatient' ? this.furthestBehind(group, year) : null;
    const key = `${care}/${GROUPS[group].scheme}/${person.areaCode}/${maternity ? 'f' : ''}/${bucket ?? ''}`;
    let draw = this.draws.get(key);
    if (draw === undefined) {
      const fitting = this.providers.institutions.filter((provider) => fits(provider, care, bucket, maternity));
      draw = new WeightedDraw(fitting, (provider) => pullOf(provider, care, GROUPS[group].scheme, person.areaCode));
      this.draws.set(key, draw);
    }
    return draw.draw(random);
  }

  /** Counts what a stay is expected to cost, and later the difference to what it cost, towards the shares. */
  spend(group: GroupIndex, provider: DemoInstitution, cost: number): void {
    const spent = this.spent[group];
    if (spent !== undefined) spent[bucketOf(provider)] += cost;
  }

  private furthestBehind(group: GroupIndex, year: number): Bucket {
    const spent = this.spent[group] ?? { tertiary: 0, public: 0, private: 0 };
    const total = spent.tertiary + spent.public + spent.private;
    const shares = this.sharesOf(group, year);
    const behind = (bucket: Bucket): number => shares[bucket] * total - spent[bucket];
    return BUCKETS.reduce((one, other) => (behind(other) > behind(one) ? other : one));
  }

  private sharesOf(group: GroupIndex, year: number): Record<Bucket, number> {
    const { scheme, city } = GROUPS[group];
    const ofResidents = city ? RESIDENTS_TERTIARY.city : RESIDENTS_TERTIARY.outside;
    const ofEmployees = city ? PUBLISHED_SHARES.tertiaryCity : this.aims.tertiaryOutside(year);
    const tertiary = scheme === '310' ? ofEmployees : ofResidents;
    const others = 1 - PUBLISHED_SHARES.publicHospitals;
    return { tertiary, private: others, public: 1 - tertiary - others };
  }
}

function bucketOf({ level, ownership }: DemoInstitution): Bucket {
  return level === 'tertiary' ? 'tertiary' : ownership === 'private' ? 'private' : 'public';
}

function fits(provider: DemoInstitution, care: Care, bucket: Bucket | null, maternity: boolean): boolean {
  if (care === 'pharmacy') return provider.type === 'pharmacy';
  if (provider.type === 'pharmacy' || (provider.speciality === 'maternity' && !maternity)) return false;
  return bucket === null || bucketOf(provider) === bucket;
}

function pullOf(provider: DemoInstitution, care: Care, scheme: '310' | '390', area: string): number {
  const near = provider.areaCode === area;
  if (provider.level === 'tertiary') {
    const city = near ? 2 : 1;
    const people = scheme === '310' ? 10 : 6;
    return provider.pull * (care === 'inpatient' ? people : people / 2) * city;
  }
  if (provider.level === 'secondary') return provider.pull * (near ? 24 : provider.speciality === 'general' ? 1 : 4);
  return provider.pull * (near ? (care === 'inpatient' ? 14 : 70) : 0) + (near ? 0 : provider.pull / 10);
}
