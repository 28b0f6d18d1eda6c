import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { SCALE_RULES, violationsOf } from './rules.js';

/** The rules that let one city's tables be spread over several nodes, read from the catalogue of the migrated database. */
let database: TestDatabase;
let asItIs: readonly string[];

beforeAll(async () => {
  database = await cloneDatabase();
  asItIs = await violationsOf((sql) => database.query(sql));
}, 60_000);

afterAll(() => database.drop());

it('the database keeps every rule of the distribution', () => {
  expect(asItIs).toEqual([]);
});

const register = (name: string, kind: string, key: string | null, growth = 'people'): string =>
  `INSERT INTO table_distribution VALUES ('${name}', '${kind}', ${key === null ? 'NULL' : `'${key}'`}, '${growth}');`;
const COLUMNS = 'pool_area text NOT NULL, person_id uuid NOT NULL, id uuid NOT NULL';
const GOOD = `CREATE TABLE bad (${COLUMNS}, month date NOT NULL, n int, CONSTRAINT bad_pk PRIMARY KEY (pool_area, person_id, id));
  ${register('bad', 'person', 'person_id')}`;
const MONTHLY = `CREATE TABLE bad (${COLUMNS}, month date NOT NULL, CONSTRAINT bad_pk PRIMARY KEY (pool_area, person_id, month, id))
  PARTITION BY RANGE (month); ${register('bad', 'person', 'person_id', 'bills')}`;
const REGISTERED = `${MONTHLY} INSERT INTO partitioned_table (name) VALUES ('bad');
  SELECT ensure_month_partitions((date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + make_interval(months => m))::date)
  FROM generate_series(0, 12) AS m;`;
const TO_PERSON = 'ALTER TABLE bad ADD CONSTRAINT bad_fk_person FOREIGN KEY';

/** Each rule broken: what is done to the database, and the violation that must be seen – that one and no other. */
const BROKEN: readonly (readonly [code: string, sql: string, violations: readonly string[]])[] = [
  ['S01', 'CREATE TABLE bad (id int PRIMARY KEY)', ['bad is not in the register']],
  ['S01', register('bad', 'local', null), ['bad is in the register and is no table']],
  ['S01', 'CREATE SCHEMA aside CREATE TABLE bad (id int PRIMARY KEY)', ['aside.bad is outside the schema public']],
  ['S02', GOOD.replace('person_id uuid', 'person_id bigint'), ['bad.person_id is not uuid NOT NULL']],
  [
    'S02',
    `CREATE TABLE bad (pool_area text, person_id uuid NOT NULL, id uuid NOT NULL);
     CREATE UNIQUE INDEX bad_pk ON bad (pool_area, person_id, id); ${register('bad', 'person', 'person_id')}`,
    ['bad.pool_area is not text NOT NULL', 'S04: bad has no primary key'],
  ],
  ['S03', `${GOOD} ALTER TABLE bad ADD CONSTRAINT bad_uq UNIQUE (pool_area, id)`, ['bad: bad_uq lacks person_id']],
  ['S03', `${GOOD} ALTER TABLE bad ADD CONSTRAINT bad_uq UNIQUE (person_id, id)`, ['bad: bad_uq lacks pool_area']],
  ['S03', `${GOOD} CREATE UNIQUE INDEX bad_uq ON bad (pool_area, n) WHERE n > 0`, ['bad: bad_uq lacks person_id']],
  ['S03', `${GOOD} CREATE UNIQUE INDEX bad_uq ON bad (pool_area, (person_id::text))`, ['bad: bad_uq lacks person_id']],
  [
    'S03',
    `${GOOD} CREATE UNIQUE INDEX bad_uq ON bad (pool_area, id) INCLUDE (person_id)`,
    ['bad: bad_uq lacks person_id'],
  ],
  [
    'S03',
    `${GOOD} ALTER TABLE bad ADD CONSTRAINT bad_no_overlap EXCLUDE USING gist (pool_area WITH =, id WITH =, person_id WITH <>)`,
    ['bad: bad_no_overlap lacks person_id'],
  ],
  ['S04', `CREATE TABLE bad (${COLUMNS}); ${register('bad', 'person', 'person_id')}`, ['bad has no primary key']],
  [
    'S05',
    `${REGISTERED} DO $$ BEGIN EXECUTE format('CREATE UNIQUE INDEX bad_uq ON %I (pool_area, person_id, id)',
       'bad_' || to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYYMM')); END $$`,
    ['bad_[0-9]{6}: bad_uq is of this partition only', 'bad_[0-9]{6}: bad_uq lacks the month month'],
  ],
  [
    'S06',
    `${GOOD} UPDATE table_distribution SET growth = 'bills' WHERE name = 'bad'`,
    ['bad grows with bills and is not'],
  ],
  ['S06', MONTHLY, ['bad is partitioned and not looked after']],
  [
    'S06',
    `${REGISTERED} UPDATE table_distribution SET growth = 'people' WHERE name = 'bad'`,
    ['bad is partitioned and does not'],
  ],
  ['S07', `${REGISTERED} CREATE TABLE bad_rest PARTITION OF bad DEFAULT`, ['bad_rest is a DEFAULT partition']],
  [
    'S08',
    `${REGISTERED} CREATE TABLE bad_wide PARTITION OF bad FOR VALUES FROM ('2001-01-01') TO ('2001-03-01')`,
    ['bad_wide is not one month'],
  ],
  [
    'S09',
    `${REGISTERED} DO $$ BEGIN EXECUTE format('DROP TABLE %I',
       'bad_' || to_char(now() AT TIME ZONE 'Asia/Shanghai' + interval '11 months', 'YYYYMM')); END $$`,
    ['bad has no partition for [0-9]{4}-[0-9]{2}$'],
  ],
  [
    'S10',
    `${GOOD} ALTER TABLE person ADD CONSTRAINT person_uq_any UNIQUE (pool_area, id, version);
     ${TO_PERSON} (pool_area, id) REFERENCES person (pool_area, id)`,
    ['bad: bad_fk_person does not compare person_id>id'],
  ],
  [
    'S10',
    `${GOOD} ${TO_PERSON} (pool_area, person_id) REFERENCES person (pool_area, id) ON DELETE SET NULL`,
    ['bad: bad_fk_person would change the key of a row'],
  ],
  [
    'S10',
    `ALTER TABLE institution ADD COLUMN person_id uuid, ADD CONSTRAINT bad_fk_person FOREIGN KEY (pool_area, person_id)
       REFERENCES person (pool_area, id)`,
    ['institution: bad_fk_person goes from reference to person person'],
  ],
  [
    'S10',
    `ALTER TABLE discharge_import_row ADD CONSTRAINT bad_fk_person FOREIGN KEY (pool_area, person_id)
       REFERENCES person (pool_area, id)`,
    ['discharge_import_row: bad_fk_person goes from local to person person'],
  ],
  [
    'S10',
    `${GOOD} ALTER TABLE bad ADD CONSTRAINT bad_fk_run FOREIGN KEY (pool_area, id) REFERENCES job_run (pool_area, id)`,
    ['bad: bad_fk_run goes from person to local job_run'],
  ],
  [
    'S11',
    `${GOOD} ALTER TABLE bad ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY`,
    ['bad.seq has no xid beside it'],
  ],
  [
    'S11',
    `${GOOD} ALTER TABLE bad ADD COLUMN xid bigint, ADD COLUMN seq bigserial;
     CREATE UNIQUE INDEX bad_uq ON bad (pool_area, person_id, seq)`,
    ['bad.seq is in the key bad_uq'],
  ],
  [
    'S12',
    `CREATE FUNCTION settle_commit() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
       UPDATE payment_budget SET state = 'closed'; PERFORM FROM job_run; INSERT INTO claims_month SELECT; END $$`,
    [
      'settle_commit writes local payment_budget',
      'settle_commit reads local job_run',
      'settle_commit writes reference claims_month',
    ],
  ],
  [
    'S13',
    `CREATE FUNCTION bad() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM FROM public.job_run; RETURN NEW; END $$;
     CREATE TRIGGER tr_bad BEFORE INSERT ON visit FOR EACH ROW EXECUTE FUNCTION bad()`,
    ['visit: bad asks local job_run'],
  ],
];

describe('a rule that is broken is seen', () => {
  it('and every rule is broken here at least once', () => {
    expect([...new Set(BROKEN.map(([code]) => code))].sort()).toEqual(SCALE_RULES.map(({ code }) => code).sort());
  });

  it.each(BROKEN)('%s: %s', async (code, sql, expected) => {
    const found = (await violationsAfter(sql)).filter((violation) => !asItIs.includes(violation));
    const patterns = expected.map((text) => new RegExp(`^${text.startsWith('S0') ? '' : `${code}: `}${text}`));
    expect(found.filter((violation) => !patterns.some((pattern) => pattern.test(violation)))).toEqual([]);
    for (const pattern of patterns) expect(found.some((violation) => pattern.test(violation))).toBe(true);
  });
});

/** What the rules find after a change that is taken back again. */
async function violationsAfter(sql: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    return await violationsOf(async (text) => (await client.query<{ violation: string }>(text)).rows);
  } finally {
    await client.end();
  }
}
