import { DomainError } from '../../common/errors/index.js';
import {
  checkPolicy,
  type Dated,
  firstOverlap,
  inForce,
  type Json,
  overlay,
  type PolicyFile,
  readPolicies,
} from '../../common/policy/index.js';
import { type LocalDate, parseLocalDate } from '../../common/time/index.js';
import { paymentErrors } from '../domain/errors.js';
import type { PaymentPolicy } from '../domain/policy.js';
import { type Scheme, SCHEMES } from '../domain/types.js';
import { compilePaymentPolicy, type RulesDocument } from './compile.js';
import { paymentFileSchema, paymentRulesSchema } from './payment-policy.schema.js';

interface FileDocument {
  readonly id: string;
  readonly common: Json;
  readonly schemes: Readonly<Partial<Record<Scheme, Json>>>;
}

/** The payment policies of a policy folder, complete, checked and compiled; read once at start, so a faulty file stops it. */
export class PaymentPolicies {
  private readonly byScheme = new Map<string, Dated<PaymentPolicy>[]>();

  /** Errors: `policy.*`, `payment.policy-invalid`. */
  constructor(folder: string) {
    for (const file of readPolicies<FileDocument>(folder, 'payment', paymentFileSchema)) {
      for (const scheme of SCHEMES) this.add(file, scheme);
    }
    for (const policies of this.byScheme.values()) {
      const overlap = firstOverlap(policies);
      if (overlap !== undefined) {
        const reason = `${overlap[0].value.version} overlaps ${overlap[1].value.version}`;
        throw new DomainError(paymentErrors['policy-invalid'], { reason });
      }
    }
  }

  /** The policy in force on a day. Error `payment.no-policy`. */
  inForce(poolArea: string, scheme: Scheme, on: LocalDate): PaymentPolicy {
    const found = inForce(this.byScheme.get(`${poolArea}:${scheme}`) ?? [], on);
    if (found === undefined) throw new DomainError(paymentErrors['no-policy'], { scheme, date: on });
    return found;
  }

  /** Pool areas and schemes that have any policy. */
  covered(): { readonly poolArea: string; readonly scheme: Scheme }[] {
    return [...this.byScheme.values()].flatMap(([first]) =>
      first === undefined ? [] : [{ poolArea: first.value.poolArea, scheme: first.value.scheme }],
    );
  }

  private add(file: PolicyFile<FileDocument>, scheme: Scheme): void {
    const { common, schemes, ...head } = file.document;
    const own = schemes[scheme];
    if (own === undefined) return;
    const merged = overlay(common, own);
    const whole = overlay(head, merged);
    const named = overlay(whole, { id: `${head.id}-${scheme}`, scheme });
    const rules = checkPolicy<RulesDocument>(named, paymentRulesSchema, file.file);
    const policy = compilePaymentPolicy(rules.document, rules.version);
    const { validFrom, validTo } = rules.document;
    const key = `${policy.poolArea}:${scheme}`;
    const dated = {
      from: parseLocalDate(validFrom),
      to: validTo === null ? null : parseLocalDate(validTo),
      value: policy,
    };
    this.byScheme.set(key, [...(this.byScheme.get(key) ?? []), dated]);
  }
}
