import { Injectable } from '@nestjs/common';
import { Approvals } from '../../approvals/index.js';
import { isUniqueViolation, type Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { uuid7 } from '../../common/ids/index.js';
import { type Fen, type Rate, yuanText, ZERO_FEN } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';
import { Funding } from '../../funding/index.js';
import { type Actor, Audit } from '../../identity/index.js';
import { Providers } from '../../providers/index.js';
import { paymentErrors } from '../domain/errors.js';
import { type BudgetAction, nextBudgetState } from '../domain/lifecycle.js';
import type { PaymentPolicy } from '../domain/policy.js';
import type { Scheme } from '../domain/types.js';
import { PaymentPolicies } from '../policy/payment-policies.js';
import { type BudgetChoices, type BudgetFacts, planBudget, readBudgetFacts } from './budget-plan.js';
import {
  type BudgetHead,
  budgetLines,
  getBudget,
  type NegotiatedFacts,
  storedFacts,
  writePlan,
} from './budget.store.js';

/** What a what-if changes; what is left out stays as in the budget. */
export interface WhatIf {
  readonly income?: Fen | undefined;
  readonly growth?: Rate | undefined;
  readonly reserveRate?: Rate | undefined;
  readonly negotiated?: ReadonlyMap<string, Fen>;
}

/** A provider's amount in the budget and in the what-if. */
export interface WhatIfLine {
  readonly providerId: string;
  readonly name: string;
  readonly amount: Fen;
  readonly whatIf: Fen;
}

/** Annual budgets (年度总额预算): draft, negotiation, approval by a second person, adjustment by new versions. */
@Injectable()
export class Budgets {
  constructor(
    private readonly policies: PaymentPolicies,
    private readonly providers: Providers,
    private readonly funding: Funding,
    private readonly approvals: Approvals,
  ) {}

  /**
   * Drafts the budget of a year from the forecast income and the providers' history.
   * Errors: `payment.budget-exists`, `payment.budget-nothing-to-allocate`, `payment.no-policy`.
   */
  async draft(tx: Tx, actor: Actor, key: { readonly scheme: Scheme; readonly year: number }): Promise<string> {
    const there = await tx.query('SELECT FROM payment_budget WHERE pool_area = $1 AND scheme = $2 AND year = $3', [
      actor.poolArea,
      key.scheme,
      key.year,
    ]);
    if (there.length > 0) throw new DomainError(paymentErrors['budget-exists'], { year: key.year });
    const policy = this.policyOf({ poolArea: actor.poolArea, ...key });
    const income = await this.funding.forecastIncome(tx, { poolArea: actor.poolArea, ...key });
    const facts = await readBudgetFacts(tx, this.providers, { poolArea: actor.poolArea, ...key, income }, policy);
    const version = { ...key, version: 1, reason: '', baseId: null };
    return this.insert(tx, actor, version, policy, { ...facts, negotiated: new Map(), reasons: new Map() });
  }

  /** Publishes a draft for comment. Error `payment.wrong-state`. */
  async publish(tx: Tx, actor: Actor, id: string, today: LocalDate): Promise<void> {
    const head = await getBudget(tx, actor.poolArea, id, true);
    await this.move(tx, actor, head, 'publish');
    await tx.query('UPDATE payment_budget SET published_on = $3 WHERE pool_area = $1 AND id = $2', [
      actor.poolArea,
      id,
      today,
    ]);
  }

  /**
   * Sets (or, with null, takes back) a negotiated amount; the rest of the group is re-normalised, the sum stays.
   * Errors: `payment.wrong-state`, `payment.budget-provider-unknown`, `payment.budget-negotiated-exceeds`.
   */
  async negotiate(
    tx: Tx,
    actor: Actor,
    id: string,
    line: { readonly providerId: string; readonly amount: Fen | null; readonly reason: string },
  ): Promise<void> {
    const head = await getBudget(tx, actor.poolArea, id, true);
    const facts = await storedFacts(tx, head);
    if (!facts.participants.some((participant) => participant.providerId === line.providerId)) {
      throw new DomainError(paymentErrors['budget-provider-unknown']);
    }
    const negotiated = new Map(facts.negotiated);
    const reasons = new Map(facts.reasons);
    negotiated.delete(line.providerId);
    reasons.delete(line.providerId);
    if (line.amount !== null) {
      negotiated.set(line.providerId, line.amount);
      reasons.set(line.providerId, line.reason);
    }
    const details = { providerId: line.providerId, amount: line.amount === null ? null : yuanText(line.amount) };
    await this.move(tx, actor, head, 'negotiate', { ...details, reason: line.reason });
    const plan = planBudget(facts, this.policyOf(head), { negotiated });
    await writePlan(tx, { poolArea: head.poolArea, budgetId: id }, facts, plan, reasons);
  }

  /** Submits a published or negotiated budget for approval. */
  async submit(tx: Tx, actor: Actor, id: string): Promise<void> {
    const head = await getBudget(tx, actor.poolArea, id, true);
    nextBudgetState(head.state, 'submit');
    await this.act(tx, actor, head, 'submit');
    await this.move(tx, actor, head, 'submit');
  }

  /** Gives a submitted budget back with an opinion; it can then be negotiated and submitted again. */
  async return(tx: Tx, actor: Actor, id: string, opinion: string): Promise<void> {
    const head = await getBudget(tx, actor.poolArea, id, true);
    nextBudgetState(head.state, 'return');
    await this.act(tx, actor, head, 'return', opinion);
    await this.move(tx, actor, head, 'return', { opinion });
    await tx.query('UPDATE payment_budget SET round = round + 1 WHERE pool_area = $1 AND id = $2', [head.poolArea, id]);
  }

  /**
   * Approves, as a second person, and brings into force; the version in force until now becomes an old one and stays
   * readable. Errors: `approvals.same-person`, `payment.wrong-state`, `payment.same-person`.
   */
  async approve(tx: Tx, actor: Actor, id: string, today: LocalDate): Promise<void> {
    const head = await getBudget(tx, actor.poolArea, id, true);
    const state = nextBudgetState(head.state, 'approve');
    await this.act(tx, actor, head, 'approve');
    const drafted = await tx.one<{ by: string }>(
      'SELECT created_by AS by FROM payment_budget WHERE pool_area = $1 AND id = $2',
      [head.poolArea, id],
    );
    if (drafted.by === actor.userId) throw new DomainError(paymentErrors['same-person']);
    await tx.query(
      `UPDATE payment_budget SET state = 'adjusted'
       WHERE pool_area = $1 AND scheme = $2 AND year = $3 AND state = 'in-force'`,
      [head.poolArea, head.scheme, head.year],
    );
    await tx.query(
      `UPDATE payment_budget SET state = $3, approved_by = $4, approved_by_name = $5, in_force_from = $6
       WHERE pool_area = $1 AND id = $2`,
      [head.poolArea, id, state, actor.userId, actor.displayName, today],
    );
    await this.record(tx, actor, id, 'approved', { version: head.version, available: yuanText(head.available) });
  }

  /**
   * Starts a new version of the budget in force, with a reason, from the income forecast and history of now; negotiated
   * amounts are kept. It goes the same way as the first one. Errors: `payment.wrong-state`, `payment.budget-exists`.
   */
  async adjust(tx: Tx, actor: Actor, id: string, reason: string): Promise<string> {
    const base = await getBudget(tx, actor.poolArea, id, true);
    nextBudgetState(base.state, 'supersede');
    const policy = this.policyOf(base);
    const income = await this.funding.forecastIncome(tx, base);
    const { negotiated, reasons } = await storedFacts(tx, base);
    const facts = await readBudgetFacts(tx, this.providers, { ...base, income }, policy);
    const { scheme, year } = base;
    const { last } = await tx.one<{ last: number }>(
      'SELECT max(version) AS last FROM payment_budget WHERE pool_area = $1 AND scheme = $2 AND year = $3',
      [base.poolArea, scheme, year],
    );
    const key = { scheme, year, version: last + 1, reason, baseId: base.id };
    return this.insert(tx, actor, key, policy, { ...facts, negotiated, reasons });
  }

  /** The same computation with other figures, writing nothing: what every provider would have. */
  async whatIf(tx: Tx, actor: Actor, id: string, change: WhatIf): Promise<WhatIfLine[]> {
    const head = await getBudget(tx, actor.poolArea, id);
    const stored = await storedFacts(tx, head);
    const facts: BudgetFacts = { ...stored, income: change.income ?? stored.income };
    const negotiated = new Map([...stored.negotiated, ...(change.negotiated ?? [])]);
    const choices: BudgetChoices = {
      negotiated,
      ...(change.growth === undefined ? {} : { growth: change.growth }),
      ...(change.reserveRate === undefined ? {} : { reserveRate: change.reserveRate }),
    };
    const plan = planBudget(facts, this.policyOf(head), choices);
    const amounts = new Map(plan.lines.map((line) => [line.participant.providerId, line.allocated.amount]));
    const lines = await budgetLines(tx, head.poolArea, head.id);
    return lines.map(({ providerId, name, amount }) => ({
      providerId,
      name,
      amount,
      whatIf: amounts.get(providerId) ?? ZERO_FEN,
    }));
  }

  private async insert(
    tx: Tx,
    actor: Actor,
    key: { scheme: Scheme; year: number; version: number; reason: string; baseId: string | null },
    policy: PaymentPolicy,
    facts: NegotiatedFacts,
  ): Promise<string> {
    const plan = planBudget(facts, policy, facts);
    const { available } = plan;
    const id = uuid7();
    try {
      await tx.query(
        `INSERT INTO payment_budget (pool_area, id, scheme, year, version, state, reason, base_id, income_fen, reserve_fen,
           set_aside_fen, available_fen, policy_version, created_by, created_by_name)
         VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          actor.poolArea,
          id,
          key.scheme,
          key.year,
          key.version,
          key.reason,
          key.baseId,
          available.income,
          available.reserve,
          available.income - available.reserve - available.available,
          available.available,
          policy.version,
          actor.userId,
          actor.displayName,
        ],
      );
    } catch (error) {
      throw isUniqueViolation(error) ? new DomainError(paymentErrors['budget-exists'], { year: key.year }) : error;
    }
    await writePlan(tx, { poolArea: actor.poolArea, budgetId: id }, facts, plan, facts.reasons);
    const details = {
      scheme: key.scheme,
      year: key.year,
      version: key.version,
      available: yuanText(available.available),
    };
    await this.record(tx, actor, id, 'drafted', { ...details, reason: key.reason });
    return id;
  }

  private async move(
    tx: Tx,
    actor: Actor,
    head: BudgetHead,
    action: BudgetAction,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const state = nextBudgetState(head.state, action);
    await tx.query('UPDATE payment_budget SET state = $3 WHERE pool_area = $1 AND id = $2', [
      head.poolArea,
      head.id,
      state,
    ]);
    await this.record(tx, actor, head.id, action, { from: head.state, to: state, ...details });
  }

  private act(
    tx: Tx,
    actor: Actor,
    head: BudgetHead,
    step: 'submit' | 'approve' | 'return',
    opinion?: string,
  ): Promise<void> {
    return this.approvals.act(
      tx,
      { subjectKind: 'budget', subjectId: head.id, round: head.round, step, opinion },
      actor,
    );
  }

  private policyOf(head: { readonly poolArea: string; readonly scheme: Scheme; readonly year: number }): PaymentPolicy {
    return this.policies.inForce(head.poolArea, head.scheme, `${String(head.year)}-01-01` as LocalDate);
  }

  private record(
    tx: Tx,
    actor: Actor,
    id: string,
    what: string,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    return Audit.record(tx, actor, { action: `payment.budget-${what}`, subjectKind: 'budget', subjectId: id, details });
  }
}
