/** What docs/schema.txt says: tables, their room, how they are distributed, and which refers to which. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../process.mjs';

/** Tables that no entity maps, because only set-based SQL and functions touch them. A new one needs a line here. */
const WITHOUT_ENTITY = {
  app_user: 'identity',
  audit_anchor: 'audit',
  audit_chain: 'audit',
  audit_chain_form: 'audit',
  audit_event: 'identity',
  auth_session: 'identity',
  benefit_accumulator: 'claims',
  bootstrap_token: 'identity',
  claim_line: 'claims',
  claims_month: 'claims',
  credential_reset: 'identity',
  discharge_import: 'claims',
  discharge_import_row: 'claims',
  idempotency_key: 'identity',
  known_address: 'identity',
  personal_account: 'claims',
  recalculation_flag: 'claims',
  recovery_code: 'identity',
  refresh_token: 'identity',
  role_change: 'identity',
  schema_migration: 'common',
  second_factor: 'identity',
  settlement: 'claims',
  settlement_reversal: 'claims',
  sign_in_challenge: 'identity',
  sign_in_throttle: 'identity',
  table_distribution: 'ledger',
  user_notice: 'identity',
  user_role: 'identity',
  visit: 'claims',
};

function section(text, name) {
  const start = text.indexOf(`## ${name}\n`);
  if (start < 0) return [];
  return text.slice(start).split('\n\n')[0].split('\n').slice(1).filter(Boolean);
}

/** Table → room, from the folders of the entities. */
function roomsOfEntities() {
  const rooms = new Map();
  for (const file of readdirSync(join(ROOT, 'src'), { recursive: true }).map(String)) {
    if (!file.endsWith('.entity.ts')) continue;
    const source = readFileSync(join(ROOT, 'src', file), 'utf8');
    for (const [, table] of source.matchAll(/@Entity\((?:\{ name: )?'(\w+)'/g))
      rooms.set(table, file.split(/[\\/]/)[0]);
  }
  return rooms;
}

/**
 * @param {string} text docs/schema.txt
 * @returns {{tables: {name: string, room: string, monthly: boolean, kind: string|null, key: string|null}[],
 *   references: {from: string, to: string}[], faults: string[]}}
 */
export function readSchema(text) {
  const entities = roomsOfEntities();
  const faults = [];
  const kinds = new Map(
    section(text, 'distribution').map((line) => {
      const [name, kind, key] = line.split(' ');
      return [name, { kind, key: key === '-' ? null : key }];
    }),
  );
  const tables = section(text, 'tables').map((line) => {
    const [name] = line.split(' ');
    const room = entities.get(name) ?? WITHOUT_ENTITY[name];
    if (room === undefined) faults.push(`table ${name} has no entity and no room in scripts/lib/docs/schema.mjs`);
    const { kind = null, key = null } = kinds.get(name) ?? {};
    return { name, room: room ?? 'unplaced', monthly: line.includes('PARTITION BY'), kind, key };
  });
  const names = new Set(tables.map(({ name }) => name));
  for (const name of Object.keys(WITHOUT_ENTITY)) {
    if (!names.has(name)) faults.push(`scripts/lib/docs/schema.mjs names the table ${name}, which is not there`);
    if (entities.has(name)) faults.push(`table ${name} has an entity: take it out of scripts/lib/docs/schema.mjs`);
  }
  const references = section(text, 'constraints').flatMap((line) => {
    const [, from, to] = /^(\w+)\.\w+ FOREIGN KEY .* REFERENCES (\w+)\(/.exec(line) ?? [];
    return from === undefined ? [] : [{ from, to }];
  });
  return { tables, references, faults };
}
