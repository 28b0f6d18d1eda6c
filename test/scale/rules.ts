/** A rule of the distribution and what the catalogue of a database says against it: one line per violation. */
export interface ScaleRule {
  readonly code: string;
  /** The rule in a sentence. */
  readonly says: string;
  readonly sql: string;
}

/** How many months ahead of today a partition must be there. */
const MONTHS_AHEAD = 12;

// Every table with the root it is a partition of (itself, where it is none), and what the register says of that root.
const SPREAD = `
  rel AS (
    SELECT c.oid, c.relname::text AS name, c.relkind, c.relispartition, r.relname::text AS root
    FROM pg_class c JOIN pg_class r ON r.oid = coalesce(pg_partition_root(c.oid), c.oid)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')),
  spread AS (
    SELECT rel.*, d.kind, d.key, d.growth FROM rel JOIN table_distribution d ON d.name = rel.root)`;

// What a unique index or an exclusion constraint compares for equality, as plain columns.
const KEYS = `${SPREAD},
  unique_key AS (
    SELECT s.name, s.root, s.key, i.indexrelid::regclass::text AS index, i.indexrelid, s.relispartition, ARRAY(
      SELECT a.attname::text FROM generate_series(0, i.indnkeyatts - 1) AS n
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n]
      WHERE NOT i.indisexclusion OR (SELECT o.oprname FROM pg_constraint k JOIN pg_operator o ON o.oid = k.conexclop[n + 1]
        WHERE k.conindid = i.indexrelid AND k.contype = 'x' LIMIT 1) = '=') AS columns
    FROM pg_index i JOIN spread s ON s.oid = i.indrelid
    WHERE (i.indisunique OR i.indisexclusion) AND s.kind IN ('person', 'certificate'))`;

const FOREIGN = `${SPREAD},
  pair AS (
    SELECT k.conname, c.name AS child, p.name AS parent, c.kind AS child_kind, p.kind AS parent_kind, c.key AS child_key,
      p.key AS parent_key, k.confdeltype, k.confupdtype, ARRAY(
        SELECT (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[n]) || '>'
          || (SELECT attname FROM pg_attribute WHERE attrelid = k.confrelid AND attnum = k.confkey[n])
        FROM generate_subscripts(k.conkey, 1) AS n) AS columns
    FROM pg_constraint k JOIN spread c ON c.oid = k.conrelid JOIN spread p ON p.oid = k.confrelid
    WHERE k.contype = 'f')`;

/** Source without comments and texts: words in these are no tables. */
const BARE = (source: string): string =>
  `regexp_replace(regexp_replace(${source}, '--[^\\n]*', ' ', 'g'), '''[^'']*''', ' ', 'g')`;

const LEAVES = `${SPREAD},
  leaf AS (
    SELECT s.root, s.name, pg_get_expr(c.relpartbound, c.oid) AS bound FROM spread s JOIN pg_class c ON c.oid = s.oid
    WHERE c.relispartition),
  dated AS (
    SELECT root, name, bound, (regexp_match(bound, '^FOR VALUES FROM \\(''(\\d{4}-\\d\\d-\\d\\d)''\\) TO'))[1]::date AS first,
      (regexp_match(bound, 'TO \\(''(\\d{4}-\\d\\d-\\d\\d)''\\)$'))[1]::date AS past
    FROM leaf)`;

/** The rules, as docs/scale.md gives them with their reasons. Each is one query whose rows are violations. */
export const SCALE_RULES: readonly ScaleRule[] = [
  {
    code: 'S01',
    says: 'the register names every table, and no other',
    sql: `WITH ${SPREAD}
      SELECT name || ' is not in the register' AS violation FROM rel
      WHERE NOT relispartition AND name NOT IN (SELECT d.name FROM table_distribution d)
      UNION ALL SELECT d.name || ' is in the register and is no table' FROM table_distribution d
      WHERE d.name NOT IN (SELECT name FROM rel WHERE NOT relispartition)
      UNION ALL SELECT c.oid::regclass::text || ' is outside the schema public' FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname NOT IN ('public', 'pg_catalog', 'information_schema')
        AND n.nspname NOT LIKE 'pg\\_%'`,
  },
  {
    code: 'S02',
    says: 'a distributed table has pool_area and its key, never null, the key of one type for all that lie together',
    sql: `WITH ${SPREAD}
      SELECT s.name || '.' || w.column || ' is not ' || w.type || ' NOT NULL' AS violation FROM spread s
      CROSS JOIN LATERAL (VALUES ('pool_area', 'text'),
        (s.key, CASE s.kind WHEN 'person' THEN 'uuid' ELSE 'bytea' END)) AS w ("column", type)
      WHERE s.kind IN ('person', 'certificate') AND NOT EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = s.oid AND a.attname = w.column AND a.attnotnull AND format_type(a.atttypid, NULL) = w.type)`,
  },
  {
    code: 'S03',
    says: 'every primary and unique key and exclusion constraint of a distributed table compares pool_area and the key',
    sql: `WITH ${KEYS}
      SELECT name || ': ' || index || ' lacks ' || w.column AS violation FROM unique_key
      CROSS JOIN LATERAL unnest(ARRAY['pool_area', key]) AS w ("column") WHERE NOT w.column = ANY (columns)`,
  },
  {
    code: 'S04',
    says: 'every table has a primary key (rows that are moved between nodes are told apart by it)',
    sql: `WITH ${SPREAD}
      SELECT name || ' has no primary key' AS violation FROM rel
      WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = rel.oid AND i.indisprimary)`,
  },
  {
    code: 'S05',
    says: 'a unique key belongs to the whole table and names the month, never to one partition alone',
    sql: `WITH ${KEYS}
      SELECT name || ': ' || index || ' is of this partition only' AS violation FROM unique_key
      WHERE relispartition AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = indexrelid)
      UNION ALL
      SELECT u.name || ': ' || u.index || ' lacks the month ' || a.attname FROM unique_key u
      JOIN pg_partitioned_table p ON p.partrelid = u.root::regclass
      JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
      WHERE NOT a.attname::text = ANY (u.columns)`,
  },
  {
    code: 'S06',
    says: 'what grows with bills is partitioned by month through ensure_month_partitions, and nothing else is partitioned',
    sql: `WITH ${SPREAD}
      SELECT s.name || ' grows with bills and is not partitioned by a date' AS violation FROM spread s
      WHERE NOT s.relispartition AND s.growth = 'bills' AND NOT EXISTS (SELECT FROM pg_partitioned_table p
        JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
        WHERE p.partrelid = s.oid AND p.partstrat = 'r' AND p.partnatts = 1 AND a.atttypid = 'date'::regtype)
      UNION ALL SELECT s.name || ' is partitioned and not looked after by ensure_month_partitions' FROM spread s
      WHERE s.relkind = 'p' AND NOT s.relispartition AND s.name NOT IN (SELECT t.name FROM partitioned_table t)
      UNION ALL SELECT s.name || ' is partitioned and does not grow with bills' FROM spread s
      WHERE s.relkind = 'p' AND s.growth <> 'bills'`,
  },
  {
    code: 'S07',
    says: 'no DEFAULT partition: a bill of a month that is not there is refused, not hidden',
    sql: `SELECT partdefid::regclass::text || ' is a DEFAULT partition' AS violation FROM pg_partitioned_table
      WHERE partdefid <> 0`,
  },
  {
    code: 'S08',
    says: 'a partition is one calendar month',
    sql: `WITH ${LEAVES}
      SELECT name || ' is not one month: ' || bound AS violation FROM dated WHERE bound <> 'DEFAULT'
        AND (first IS NULL OR past IS NULL OR first <> date_trunc('month', first) OR past <> first + interval '1 month')`,
  },
  {
    code: 'S09',
    says: `there are partitions for this month and ${String(MONTHS_AHEAD)} ahead`,
    sql: `WITH ${LEAVES}
      SELECT t.name || ' has no partition for ' || to_char(m, 'YYYY-MM') AS violation FROM partitioned_table t
      CROSS JOIN generate_series(date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai'),
        date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + interval '${String(MONTHS_AHEAD)} months', '1 month') AS m
      WHERE NOT EXISTS (SELECT FROM dated d WHERE d.root = t.name AND d.first = m::date)`,
  },
  {
    code: 'S10',
    says: 'a foreign key stays on one node: same key to same key, or to a table that is the same everywhere',
    sql: `WITH ${FOREIGN}
      SELECT child || ': ' || conname || ' goes from ' || child_kind || ' to ' || parent_kind || ' ' || parent AS violation
      FROM pair WHERE (child_kind, parent_kind) NOT IN (('person', 'person'), ('person', 'reference'),
        ('certificate', 'reference'), ('reference', 'reference'), ('local', 'local'), ('local', 'reference'))
      UNION ALL
      SELECT child || ': ' || conname || ' does not compare ' || w.pair FROM pair
      CROSS JOIN LATERAL unnest(ARRAY['pool_area>pool_area', child_key || '>' || parent_key]) AS w (pair)
      WHERE child_kind = 'person' AND parent_kind = 'person' AND NOT w.pair = ANY (columns)
      UNION ALL
      SELECT child || ': ' || conname || ' would change the key of a row' FROM pair
      WHERE child_kind IN ('person', 'certificate')
        AND (confdeltype IN ('n', 'd') OR confupdtype IN ('n', 'd', 'c'))`,
  },
  {
    code: 'S11',
    says: 'a number from a sequence is neither key nor watermark: it stands only beside the transaction that wrote the row',
    sql: `WITH ${KEYS}, numbered AS (
        SELECT s.name, a.attname::text AS "column" FROM spread s JOIN pg_attribute a ON a.attrelid = s.oid AND a.attnum > 0
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE s.kind IN ('person', 'certificate')
          AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%'))
      SELECT n.name || '.' || n.column || ' is in the key ' || u.index AS violation
      FROM numbered n JOIN unique_key u ON u.name = n.name AND n.column = ANY (u.columns)
      UNION ALL
      SELECT n.name || '.' || n.column || ' has no xid beside it' FROM numbered n WHERE NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = n.name::regclass AND a.attname = 'xid')`,
  },
  {
    code: 'S12',
    says: 'settle_commit writes tables of the person only, and reads nothing that is not there or everywhere',
    sql: `WITH source AS (SELECT ${BARE('prosrc')} AS text FROM pg_proc WHERE proname = 'settle_commit')
      SELECT 'settle_commit ' || CASE WHEN s.text ~* w.write THEN 'writes ' ELSE 'reads ' END || d.kind || ' ' || d.name
        AS violation
      FROM source s CROSS JOIN table_distribution d
      CROSS JOIN LATERAL (SELECT '\\m(insert\\s+into|update|delete\\s+from|merge\\s+into)\\s+(public\\.)?' || d.name || '\\M' AS write,
        '\\m(from|join)\\s+(public\\.)?' || d.name || '\\M' AS read) AS w
      WHERE (s.text ~* w.write AND d.kind <> 'person') OR (s.text ~* w.read AND d.kind NOT IN ('person', 'reference'))
      UNION ALL SELECT 'there is no settle_commit' WHERE NOT EXISTS (SELECT FROM source)`,
  },
  {
    code: 'S13',
    says: 'a trigger of a distributed table asks nothing that is not on its node or everywhere',
    sql: `WITH ${SPREAD}, guard AS MATERIALIZED (
        SELECT p.proname, ${BARE('p.prosrc')} AS text, array_agg(DISTINCT s.root) AS roots
        FROM pg_trigger t JOIN spread s ON s.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE s.kind IN ('person', 'certificate') AND NOT t.tgisinternal GROUP BY p.proname, p.prosrc
      ), asked AS (
        SELECT g.roots, g.proname, m[3] AS name FROM guard g
        CROSS JOIN LATERAL regexp_matches(g.text, '\\m(from|join|into|update)\\s+(public\\.)?(\\w+)', 'gi') AS m)
      SELECT DISTINCT r.root || ': ' || a.proname || ' asks ' || d.kind || ' ' || d.name AS violation
      FROM asked a JOIN table_distribution d ON d.name = a.name CROSS JOIN LATERAL unnest(a.roots) AS r (root)
      WHERE d.kind NOT IN ('person', 'reference')`,
  },
];

/** Everything that the catalogue says against the rules, as `code: violation`. */
export async function violationsOf(
  query: (sql: string) => Promise<readonly { violation: string }[]>,
): Promise<string[]> {
  const found: string[] = [];
  for (const { code, sql } of SCALE_RULES) {
    found.push(...(await query(sql)).map(({ violation }) => `${code}: ${violation}`));
  }
  return found;
}
