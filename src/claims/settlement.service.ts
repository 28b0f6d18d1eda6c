import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { explain } from '../benefits/index.js';
import { Settings } from '../common/config/index.js';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import type { Language } from '../common/http/index.js';
import { isUuid } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import { type Actor, Audit, canonical, clientIdOf, idempotencyErrors } from '../identity/index.js';
import type { Bill, SettledLine, Settlement } from './domain/types.js';
import { claimsErrors } from './errors.js';
import { readFacts } from './facts.reader.js';
import { billOf, readBillBody } from './settle-request.js';
import { type Posting, SettlementEngine } from './settlement-engine.js';
import { SettlementLane } from './settlement-lane.js';
import {
  getLines,
  getSettlement,
  listSettlements,
  type SettlementFilter,
  type StoredSettlement,
} from './settlement.store.js';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** A settlement with its lines, as settling answers it. */
export interface SettledAnswer {
  readonly settlement: Settlement;
  readonly lines: readonly SettledLine[];
  /** Whether an earlier request with the same key had written it. */
  readonly replayed: boolean;
}

/** The use cases of settling and looking at settlements; taking one back is in `ReversalService`. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly transactions: Transactions,
    private readonly lane: SettlementLane,
    private readonly engine: SettlementEngine,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** What settling would answer now, without any effect on the books; the look at the person's data is audited. */
  async preSettle(actor: Actor, body: unknown): Promise<SettledAnswer & { readonly explanation: readonly string[] }> {
    const bill = this.billFor(actor, body);
    // One read and one row of the audit trail, each its own transaction: the look is on record before the answer leaves.
    return this.transactions.autocommit(async (tx) => {
      const [facts] = await readFacts(tx, this.settings.poolArea, [{ bill }]);
      if (facts === undefined) throw new Error('the read answered no bill');
      const { settlement, lines } = this.engine.compute(bill, facts, this.postingOf(actor));
      await Audit.look(tx, actor, {
        action: 'claims.pre-settle',
        subjectKind: 'person',
        subjectId: bill.personId,
        personIds: [bill.personId],
      });
      return { settlement, lines, replayed: false, explanation: explain(settlement.trace, 'zh') };
    });
  }

  /**
   * Settles a bill once per idempotency key of the client.
   * @throws DomainError `idempotency.key-missing`, `idempotency.body-differs` and every refusal of `SettlementEngine`
   */
  async settle(actor: Actor, key: string | undefined, body: unknown): Promise<SettledAnswer> {
    if (key === undefined || !KEY.test(key)) throw new DomainError(idempotencyErrors['key-missing']);
    const bill = this.billFor(actor, body);
    const envelope = {
      actor,
      clientId: clientIdOf(actor),
      idempotencyKey: key,
      bodyHash: createHash('sha256').update(canonical(body), 'utf8').digest('hex'),
    };
    const answer = await this.lane.submit(bill, envelope, this.postingOf(actor));
    if ('written' in answer)
      return { settlement: answer.written.settlement, lines: answer.written.lines, replayed: false };
    return this.transactions.read(async (tx) => {
      const { settlement } = await getSettlement(tx, actor, answer.replayOf);
      return { settlement, lines: await getLines(tx, actor.poolArea, settlement), replayed: true };
    });
  }

  /** Settlements in scope; looking a person up by id is audited as a look at that person. */
  async list(
    actor: Actor,
    filter: SettlementFilter,
    page: { readonly limit: number; readonly after: string | undefined },
  ): Promise<StoredSettlement[]> {
    const { personId } = filter;
    if (personId === undefined) return this.transactions.read((tx) => listSettlements(tx, actor, filter, page));
    return this.transactions.run(async (tx) => {
      await Audit.look(tx, actor, {
        action: 'claims.list-of-person',
        subjectKind: 'person',
        subjectId: personId,
        personIds: [personId],
      });
      return listSettlements(tx, actor, filter, page);
    });
  }

  /** One settlement with its lines; `claims.settlement-not-found` for one out of scope. */
  async get(actor: Actor, id: string): Promise<StoredSettlement & { readonly lines: readonly SettledLine[] }> {
    return this.look(actor, id, 'claims.view', async (stored, tx) => ({
      ...stored,
      lines: await getLines(tx, actor.poolArea, stored.settlement),
    }));
  }

  /** A settlement in words, one sentence per step of its trace. */
  async explain(actor: Actor, id: string, language: Language): Promise<{ policyVersion: string; steps: string[] }> {
    return this.look(actor, id, 'claims.explain', ({ settlement }) =>
      Promise.resolve({ policyVersion: settlement.policyVersion, steps: explain(settlement.trace, language) }),
    );
  }

  private async look<T>(
    actor: Actor,
    id: string,
    action: string,
    show: (stored: StoredSettlement, tx: Parameters<Parameters<Transactions['run']>[0]>[0]) => Promise<T>,
  ): Promise<T> {
    if (!isUuid(id)) throw new DomainError(claimsErrors['settlement-not-found']);
    return this.transactions.run(async (tx) => {
      const stored = await getSettlement(tx, actor, id);
      const { personId } = stored.settlement;
      await Audit.look(tx, actor, { action, subjectKind: 'settlement', subjectId: id, personIds: [personId] });
      return show(stored, tx);
    });
  }

  // A user of a provider settles for that provider only; naming another one is answered as if it did not exist.
  private billFor(actor: Actor, body: unknown): Bill {
    const checked = readBillBody(body);
    const named = checked.providerId?.toLowerCase();
    const providerId = actor.providerId ?? named;
    if (providerId === undefined || (named !== undefined && named !== providerId)) {
      throw new DomainError(claimsErrors['provider-not-found']);
    }
    return billOf(checked, providerId, this.clock.today());
  }

  private postingOf(actor: Actor): Posting {
    return {
      poolArea: actor.poolArea,
      postedBy: actor.username,
      at: this.clock.now(),
      serves: (area) =>
        actor.providerId !== null || actor.wholePool || actor.areaCodes.some((code) => area.startsWith(code)),
    };
  }
}
