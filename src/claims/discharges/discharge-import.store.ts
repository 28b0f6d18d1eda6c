import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { isUuid } from '../../common/ids/index.js';
import { fen, type Fen, ZERO_FEN } from '../../common/money/index.js';
import { type LocalDate, type Month, monthOf } from '../../common/time/index.js';
import type { RowFault } from '../../exchange/index.js';
import { type Actor, scopeSql } from '../../identity/index.js';
import type { Cells } from './discharge-row.js';
import { importErrors } from './errors.js';

/** How far an import is, with its sums: what was in the file and what became settlements, per scheme. */
export interface ImportRecord {
  readonly id: string;
  readonly institutionId: string;
  readonly institutionName: string;
  readonly month: Month;
  readonly fileName: string;
  readonly state: 'staged' | 'done';
  readonly runId: string;
  readonly rows: number;
  readonly imported: number;
  readonly errors: number;
  readonly pending: number;
  readonly schemes: readonly {
    readonly scheme: string;
    /** Readable rows of the file and their sum. */
    readonly rows: number;
    readonly total: Fen;
    /** Those that are settlements now. */
    readonly imported: number;
    readonly importedTotal: Fen;
  }[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** One row of the file and what became of it. */
export interface ImportRow {
  readonly rowNo: number;
  readonly cells: Cells;
  readonly state: 'pending' | 'imported' | 'error';
  readonly settlementId: string | null;
  readonly faults: readonly RowFault[];
}

interface SchemeSum {
  scheme: string | null;
  rows: number;
  total: string | null;
  imported: number;
  errors: number;
  imported_total: string | null;
}

interface RecordRow {
  id: string;
  institution_id: string;
  institution_name: string;
  month: LocalDate;
  file_name: string;
  state: 'staged' | 'done';
  run_id: string;
  row_count: number;
  created_by: string;
  created_at: Date;
  finished_at: Date | null;
  sums: SchemeSum[];
}

const RECORD = `
SELECT d.id, d.institution_id, i.name AS institution_name, d.month, d.file_name, d.state, d.run_id, d.row_count,
  d.created_by, d.created_at, d.finished_at, (
    SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.scheme), '[]') FROM (
      SELECT r.scheme, count(*)::int AS rows, sum(r.total_fen)::text AS total,
        (count(*) FILTER (WHERE r.state = 'imported'))::int AS imported,
        (count(*) FILTER (WHERE r.state = 'error'))::int AS errors,
        (sum(r.total_fen) FILTER (WHERE r.state = 'imported'))::text AS imported_total
      FROM discharge_import_row AS r WHERE r.pool_area = d.pool_area AND r.import_id = d.id GROUP BY r.scheme) AS x) AS sums
FROM discharge_import AS d
JOIN institution AS i ON i.pool_area = d.pool_area AND i.id = d.institution_id`;

/** One import in scope; error `discharge-import.not-found`. */
export async function getImport(tx: Tx, actor: Actor, id: string): Promise<ImportRecord> {
  if (!isUuid(id)) throw new DomainError(importErrors['not-found']);
  const scope = scopeOf(actor, 2);
  const row = await tx.maybe<RecordRow>(`${RECORD} WHERE d.id = $1 AND ${scope.sql}`, [id, ...scope.params]);
  if (row === undefined) throw new DomainError(importErrors['not-found']);
  return recordOf(row);
}

/** Imports in scope, newest first, `limit` + 1 of them. */
export async function listImports(
  tx: Tx,
  actor: Actor,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<ImportRecord[]> {
  const scope = scopeOf(actor, 2);
  const rows = await tx.query<RecordRow>(
    `${RECORD} WHERE ($1::uuid IS NULL OR d.id < $1) AND ${scope.sql} ORDER BY d.id DESC LIMIT ${String(page.limit + 1)}`,
    [page.after ?? null, ...scope.params],
  );
  return rows.map(recordOf);
}

/** Rows of an import in the order of the file, `limit` + 1 of them; the caller has checked that it is in scope. */
export function listRows(
  tx: Tx,
  actor: Actor,
  importId: string,
  filter: { readonly state: string | undefined; readonly after: number; readonly limit: number },
): Promise<ImportRow[]> {
  return tx.query<ImportRow>(
    `SELECT row_no AS "rowNo", cells, state, settlement_id AS "settlementId", faults FROM discharge_import_row
     WHERE pool_area = $1 AND import_id = $2 AND ($3::text IS NULL OR state = $3) AND row_no > $4
     ORDER BY row_no LIMIT $5`,
    [actor.poolArea, importId, filter.state ?? null, filter.after, filter.limit + 1],
  );
}

function scopeOf(actor: Actor, firstIndex: number): ReturnType<typeof scopeSql> {
  return scopeSql(actor, { pool: 'd.pool_area', area: 'i.area_code', provider: 'd.institution_id' }, firstIndex);
}

function recordOf(row: RecordRow): ImportRecord {
  const imported = row.sums.reduce((sum, scheme) => sum + scheme.imported, 0);
  const errors = row.sums.reduce((sum, scheme) => sum + scheme.errors, 0);
  return {
    id: row.id,
    institutionId: row.institution_id,
    institutionName: row.institution_name,
    month: monthOf(row.month),
    fileName: row.file_name,
    state: row.state,
    runId: row.run_id,
    rows: row.row_count,
    imported,
    errors,
    pending: row.row_count - imported - errors,
    schemes: row.sums.flatMap((sum) =>
      sum.scheme === null
        ? []
        : [
            {
              ...{ scheme: sum.scheme, rows: sum.rows, imported: sum.imported },
              ...{ total: fenOf(sum.total), importedTotal: fenOf(sum.imported_total) },
            },
          ],
    ),
    createdBy: row.created_by,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

function fenOf(text: string | null): Fen {
  return text === null ? ZERO_FEN : fen(BigInt(text));
}
