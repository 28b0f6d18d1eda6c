/** What a run leaves behind, without what is different in every run: ids made on the way, instants, attempts. */
import { onServer } from './databases.mjs';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const LEFT_OUT = /(_at|_hash|^hash|xid$|^seq|^attempts?|^lease_until|^fence)$/;

const TABLES = `
  SELECT relname AS name FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND (relname LIKE 'payment%' OR relname IN ('claims_month', 'ledger_journal', 'ledger_line', 'approval_act'))
  ORDER BY 1`;

/** Money of each account and party, what was ordered, and what was told to other rooms or written down for the auditor. */
const FLOWS = `
  SELECT concat_ws('|', j.source_kind, l.debit_account, l.credit_account, l.debit_party, l.credit_party) AS name,
    sum(l.amount_fen)::bigint AS fen
  FROM ledger_line l JOIN ledger_journal j ON j.pool_area = l.pool_area AND j.period = l.period AND j.id = l.journal_id
  GROUP BY 1
  UNION ALL SELECT concat_ws('|', 'order', provider_id, state, source_kind, period), sum(amount_fen)::bigint
  FROM payment_order GROUP BY 1
  UNION ALL SELECT concat_ws('|', 'sheet', provider_id), sum(pay_fen)::bigint FROM payment_month_line GROUP BY 1`;

const TOLD = `
  SELECT 'audit ' || action || ' ' || count(*) AS row FROM audit_event
    WHERE kind = 'change' AND action NOT LIKE 'identity.%' GROUP BY action
  UNION ALL SELECT 'event ' || topic || ' ' || count(*) FROM outbox_event GROUP BY topic`;

/** @returns {Promise<{rows: Map<string, number>, flows: Map<string, bigint>}>} rows as text with their number; fen by flow */
export async function booksOf(url, stable) {
  return onServer(url, async (client) => {
    const rows = new Map();
    const add = (text) => rows.set(text, (rows.get(text) ?? 0) + 1);
    const { rows: tables } = await client.query(TABLES);
    for (const { name } of tables) {
      const { rows: found } = await client.query(`SELECT to_jsonb(t) AS row FROM ${client.escapeIdentifier(name)} t`);
      for (const { row } of found) add(`${name} ${withoutChance(row, stable)}`);
    }
    for (const { row } of (await client.query(TOLD)).rows) add(row);
    const flows = new Map((await client.query(FLOWS)).rows.map(({ name, fen }) => [name, BigInt(fen)]));
    return { rows, flows };
  });
}

function withoutChance(row, stable) {
  // Bytes are hashes or sealed values; the same value is sealed differently every time.
  const isBytes = (value) => typeof value === 'string' && value.startsWith('\\x');
  const kept = Object.entries(row).filter(([column, value]) => !LEFT_OUT.test(column) && !isBytes(value));
  return JSON.stringify(Object.fromEntries(kept)).replace(UUID, (id) => (stable.has(id) ? id : '#'));
}

/** @returns {{fen: bigint, rows: string[]}} how far two books are apart: in fen of every flow, and in rows */
export function apart(wanted, found) {
  let fen = 0n;
  for (const name of new Set([...wanted.flows.keys(), ...found.flows.keys()])) {
    const off = (found.flows.get(name) ?? 0n) - (wanted.flows.get(name) ?? 0n);
    fen += off < 0n ? -off : off;
  }
  const rows = [];
  for (const text of new Set([...wanted.rows.keys(), ...found.rows.keys()])) {
    const off = (found.rows.get(text) ?? 0) - (wanted.rows.get(text) ?? 0);
    if (off !== 0) rows.push(`${off > 0 ? '+' : ''}${off} ${text.slice(0, 400)}`);
  }
  return { fen, rows };
}
