import { DomainError } from '../common/errors/index.js';
import { type Dated, firstOverlap, inForce, readPolicies } from '../common/policy/index.js';
import type { LocalDate } from '../common/time/index.js';
import { compilePolicy } from './domain/compile.js';
import type { PolicyDocument } from './domain/document.js';
import { benefitErrors } from './domain/errors.js';
import type { BenefitPolicy } from './domain/policy.js';
import { settle } from './domain/settle.js';
import type { BenefitInput, BenefitResult, Scheme } from './domain/types.js';
import { benefitPolicySchema } from './policy.schema.js';

interface Snapshot {
  readonly all: readonly BenefitPolicy[];
  readonly byScheme: ReadonlyMap<string, readonly Dated<BenefitPolicy>[]>;
  readonly byVersion: ReadonlyMap<string, BenefitPolicy>;
}

/**
 * The benefit policies of a policy folder, compiled, in memory. Read once at start; `reload` swaps the whole set or, when a
 * file is faulty, nothing. Policies are not picked up by themselves: a changed file takes effect when somebody decides so.
 */
export class BenefitPolicies {
  private snapshot: Snapshot;

  /** @param folder folder that holds `regions/…`; every file of kind `benefits` below it is read. Errors: `policy.*`, `benefits.overlap` */
  constructor(private readonly folder: string) {
    this.snapshot = read(folder);
  }

  /** Reads the folder again. Throws and keeps the policies it had when a file is faulty. */
  reload(): void {
    this.snapshot = read(this.folder);
  }

  /** The policy of a pool area and scheme on a day. Error `benefits.no-policy`. */
  inForce(region: string, scheme: Scheme, on: LocalDate): BenefitPolicy {
    const policies = this.snapshot.byScheme.get(`${region}:${scheme}`);
    const found = policies === undefined ? undefined : inForce(policies, on);
    if (found === undefined) {
      throw new DomainError(benefitErrors['no-policy'], { region, scheme, date: on });
    }
    return found;
  }

  /** The policy of a version that is in the folder now. Error `benefits.unknown-version`. */
  get(version: string): BenefitPolicy {
    const found = this.snapshot.byVersion.get(version);
    if (found === undefined) throw new DomainError(benefitErrors['unknown-version'], { version: version.slice(0, 80) });
    return found;
  }

  /** All policies, by id. */
  list(): readonly BenefitPolicy[] {
    return this.snapshot.all;
  }

  /** Settles a stored input again under the version that was applied: the same result, to the last step of the trace. */
  replay(input: BenefitInput, version: string): BenefitResult {
    return settle(input, this.get(version));
  }
}

function read(folder: string): Snapshot {
  const all = readPolicies<PolicyDocument>(folder, 'benefits', benefitPolicySchema).map((file) =>
    compilePolicy(file.document, file.version),
  );
  const byScheme = new Map<string, Dated<BenefitPolicy>[]>();
  for (const policy of all) {
    const key = `${policy.region}:${policy.scheme}`;
    const entry = { from: policy.validFrom, to: policy.validTo, value: policy };
    byScheme.set(key, [...(byScheme.get(key) ?? []), entry]);
  }
  for (const policies of byScheme.values()) {
    const overlap = firstOverlap(policies);
    if (overlap !== undefined) {
      const [first, second] = overlap;
      throw new DomainError(benefitErrors.overlap, { first: first.value.id, second: second.value.id });
    }
  }
  return { all, byScheme, byVersion: new Map(all.map((policy) => [policy.version, policy])) };
}
