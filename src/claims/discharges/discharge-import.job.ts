import { Injectable } from '@nestjs/common';
import { Settings } from '../../common/config/index.js';
import type { Tx } from '../../common/db/index.js';
import type { JobHandler, JobRun, JsonObject } from '../../common/jobs/index.js';
import { type Fen, fen, yuanText } from '../../common/money/index.js';
import { Clock, type LocalDate, type Month, monthOf } from '../../common/time/index.js';
import { Roster, type RosterPerson } from '../../enrollment/index.js';
import type { RowFault } from '../../exchange/index.js';
import { type BatchOutcome, BatchSettlement } from '../batch-settlement.js';
import type { Bill } from '../domain/types.js';
import { type Cells, type DischargeCase, readDischarge, refusedRow, settledDifferently } from './discharge-row.js';
import {
  birthDateOf,
  DE_IDENTIFIED,
  fictitiousIdNo,
  insuredTypeOf,
  pseudonymId,
  type Stay,
  stayOf,
} from './pseudonym.js';

export const IMPORT_JOB = 'claims.discharge-import';

/** Rows settled in one transaction: what a kill costs at most is doing these again. */
const CHUNK = 200;
const SUMMARY_ITEM = 'DISCHARGE-SUMMARY';

interface ImportFacts {
  readonly id: string;
  readonly institutionId: string;
  readonly code12: string;
  readonly areaCode: string;
  readonly month: Month;
  readonly createdBy: string;
}

interface Prepared {
  readonly rowNo: number;
  readonly personId: string;
  readonly found: DischargeCase;
  readonly stay: Stay;
}

/** Settles the staged rows of one import: a unit is a chunk of rows and one transaction, so a killed run goes on without doubling. */
@Injectable()
export class DischargeImportJob implements JobHandler {
  readonly kind = IMPORT_JOB;

  constructor(
    private readonly batches: BatchSettlement,
    private readonly roster: Roster,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  async plan(tx: Tx, run: JobRun): Promise<string[]> {
    const rows = await tx.query<{ row_no: number }>(
      `SELECT row_no FROM discharge_import_row WHERE pool_area = $1 AND import_id = $2 AND state = 'pending'
       ORDER BY row_no`,
      [this.settings.poolArea, importOf(run)],
    );
    const units: string[] = [];
    for (let at = 0; at < rows.length; at += CHUNK) {
      const chunk = rows.slice(at, at + CHUNK);
      units.push(`${String(chunk[0]?.row_no)}-${String(chunk.at(-1)?.row_no)}`);
    }
    return units;
  }

  async unit(tx: Tx, run: JobRun, key: string): Promise<void> {
    const facts = await this.facts(tx, importOf(run));
    const [from, to] = key.split('-').map(Number);
    const rows = await tx.query<{ row_no: number; cells: Cells }>(
      `SELECT row_no, cells FROM discharge_import_row
       WHERE pool_area = $1 AND import_id = $2 AND row_no BETWEEN $3 AND $4 AND state = 'pending' ORDER BY row_no`,
      [this.settings.poolArea, facts.id, from, to],
    );
    const today = this.clock.today();
    const prepared = rows.map(({ row_no, cells }) => prepare(facts, row_no, cells, today));
    await this.register(tx, facts, prepared);
    const bills = prepared.map((row) => billOf(facts, row));
    const outcomes = await this.batches.settle(tx, this.settings.poolArea, bills, facts.createdBy);
    await this.record(tx, facts, prepared, outcomes);
  }

  async finish(tx: Tx, run: JobRun): Promise<JsonObject> {
    const key = [this.settings.poolArea, importOf(run)];
    await tx.query(
      `UPDATE discharge_import SET state = 'done', finished_at = now() WHERE pool_area = $1 AND id = $2 AND state = 'staged'`,
      key,
    );
    const sums = await tx.query<{ scheme: string; imported: number; total: bigint }>(
      `SELECT scheme, count(*)::int AS imported, sum(total_fen)::bigint AS total FROM discharge_import_row
       WHERE pool_area = $1 AND import_id = $2 AND state = 'imported' GROUP BY scheme ORDER BY scheme`,
      key,
    );
    const { errors } = await tx.one<{ errors: number }>(
      `SELECT count(*)::int AS errors FROM discharge_import_row
       WHERE pool_area = $1 AND import_id = $2 AND state = 'error'`,
      key,
    );
    const schemes = sums.map(({ scheme, imported, total }) => ({ scheme, imported, total: yuanText(fen(total)) }));
    return { importId: importOf(run), errors, schemes };
  }

  private async facts(tx: Tx, id: string): Promise<ImportFacts> {
    const row = await tx.one<Omit<ImportFacts, 'month'> & { month: LocalDate }>(
      `SELECT d.id, d.institution_id AS "institutionId", i.code12, i.area_code AS "areaCode", d.month,
         d.created_by AS "createdBy"
       FROM discharge_import AS d JOIN institution AS i ON i.pool_area = d.pool_area AND i.id = d.institution_id
       WHERE d.pool_area = $1 AND d.id = $2`,
      [this.settings.poolArea, id],
    );
    return { ...row, month: monthOf(row.month) };
  }

  /** Registers the persons of the cases that are not registered yet, each with a number that nobody else has. */
  private async register(tx: Tx, facts: ImportFacts, prepared: readonly Prepared[]): Promise<void> {
    const { poolArea } = this.settings;
    const known = await tx.query<{ id: string }>(
      'SELECT id FROM person WHERE pool_area = $1 AND id = ANY ($2::uuid[])',
      [poolArea, prepared.map((row) => row.personId)],
    );
    const there = new Set(known.map((row) => row.id));
    let open = prepared
      .filter((row) => !there.has(row.personId))
      .map((row) => ({ row, attempt: 0, person: personOf(facts, row, 0) }));
    const free: RosterPerson[] = [];
    while (open.length > 0) {
      const numbers = open.map(({ person }) => person.idNo);
      const taken = await this.roster.takenNumbers(tx, poolArea, numbers);
      const used = new Set([...taken, ...free.map((person) => person.idNo)]);
      const again: typeof open = [];
      for (const { row, attempt, person } of open) {
        if (used.has(person.idNo)) again.push({ row, attempt: attempt + 1, person: personOf(facts, row, attempt + 1) });
        else {
          used.add(person.idNo);
          free.push(person);
        }
      }
      open = again;
    }
    if (free.length > 0) await this.roster.insertMany(tx, poolArea, free, facts.createdBy);
  }

  private async record(
    tx: Tx,
    facts: ImportFacts,
    prepared: readonly Prepared[],
    outcomes: readonly BatchOutcome[],
  ): Promise<void> {
    const present = outcomes.flatMap((outcome) => (outcome.outcome === 'present' ? [outcome.settlementId] : []));
    const totals = await tx.query<{ id: string; total_fen: bigint }>(
      'SELECT id, total_fen FROM settlement WHERE id = ANY ($1::uuid[])',
      [present],
    );
    const settled = new Map(totals.map((row) => [row.id, row.total_fen]));
    const results = prepared.map((row, index) => resultOf(row, outcomes[index] as BatchOutcome, settled));
    await tx.query(
      `UPDATE discharge_import_row AS r
       SET state = u.state, person_id = u.person_id, settlement_id = u.settlement_id, faults = u.faults
       FROM unnest($3::int[], $4::text[], $5::uuid[], $6::uuid[], $7::jsonb[])
         AS u (row_no, state, person_id, settlement_id, faults)
       WHERE r.pool_area = $1 AND r.import_id = $2 AND r.row_no = u.row_no`,
      [
        this.settings.poolArea,
        facts.id,
        prepared.map((row) => row.rowNo),
        results.map((result) => (result.fault === null ? 'imported' : 'error')),
        prepared.map((row) => row.personId),
        results.map((result) => result.settlementId),
        results.map((result) => JSON.stringify(result.fault === null ? [] : [result.fault])),
      ],
    );
  }
}

function importOf(run: JobRun): string {
  const { importId } = run.params;
  if (typeof importId !== 'string') throw new Error(`run ${run.id} names no import`);
  return importId;
}

function prepare(facts: ImportFacts, rowNo: number, cells: Cells, today: LocalDate): Prepared {
  const read = readDischarge(cells);
  if ('faults' in read) throw new Error(`row ${String(rowNo)} was staged as readable and is not`);
  const stay = stayOf(read.case, facts.month, today);
  return { rowNo, personId: pseudonymId(facts.code12, read.case.caseNo), found: read.case, stay };
}

/** A fictitious person for a case: covered by its scheme since the year before, marked as de-identified. */
function personOf(facts: ImportFacts, { personId, found, stay }: Prepared, attempt: number): RosterPerson {
  const birthDate = birthDateOf(found, stay.admittedOn);
  const from = `${String(Number(stay.admittedOn.slice(0, 4)) - 1)}-01-01` as LocalDate;
  return {
    id: personId,
    idNo: fictitiousIdNo(facts.areaCode, birthDate, found, attempt),
    name: `病例${found.caseNo}`,
    sex: found.sex,
    birthDate,
    areaCode: facts.areaCode,
    phone: null,
    coverages: [
      {
        id: pseudonymId(`${facts.code12}:coverage`, found.caseNo),
        scheme: found.scheme,
        insuredType: insuredTypeOf(found.scheme, found.ageYears),
        from,
        to: null,
      },
    ],
    marks: [{ mark: DE_IDENTIFIED, from, to: null }],
  };
}

/** The file has totals and no lines: one summary line, all of it in scope. */
function billOf(facts: ImportFacts, { personId, found, stay }: Prepared): Bill {
  return {
    billNo: found.caseNo,
    personId,
    providerId: facts.institutionId,
    category: 'inpatient',
    ...stay,
    settledOn: stay.dischargedOn,
    settleMonth: facts.month,
    referral: 'not-needed',
    departmentCode: found.department,
    mainDiagnosis: found.mainDiagnosis,
    otherDiagnoses: found.otherDiagnoses,
    mainProcedure: found.mainProcedure,
    otherProcedures: found.otherProcedures,
    dischargeWay: found.way,
    lines: [
      {
        ...{ lineNo: 1, itemCode: SUMMARY_ITEM, quantity: '1', unitPrice: yuanText(found.total), amount: found.total },
        ...{ feeDate: stay.dischargedOn, summary: true },
      },
    ],
    source: 'import',
  };
}

function resultOf(
  { found }: Prepared,
  outcome: BatchOutcome,
  settled: ReadonlyMap<string, bigint>,
): { readonly settlementId: string | null; readonly fault: RowFault | null } {
  if (outcome.outcome === 'refused') {
    const reason = { zh: outcome.error.text('zh'), en: outcome.error.text('en') };
    return { settlementId: null, fault: refusedRow(found.caseNo, reason) };
  }
  const { settlementId } = outcome;
  const before = outcome.outcome === 'present' ? (settled.get(settlementId) as Fen) : found.total;
  if (before !== found.total) return { settlementId: null, fault: settledDifferently(found.caseNo, before) };
  return { settlementId, fault: null };
}
