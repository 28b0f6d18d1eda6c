/**
 * The schema of a database as text, read from its system catalogue: what PostgreSQL really enforces, whichever way it
 * came there. Month partitions are left out (they depend on the day), and so is what only some versions list.
 */

const SECTIONS = {
  extensions: `SELECT extname AS line FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`,

  tables: `
    SELECT c.relname || CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END
        || CASE WHEN c.relrowsecurity THEN ' ROW SECURITY' ELSE '' END AS line
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     ORDER BY 1`,

  distribution: `
    SELECT name || ' ' || kind || ' ' || coalesce(key, '-') || ' ' || growth AS line FROM table_distribution ORDER BY name`,

  columns: `
    SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        || CASE WHEN a.attgenerated <> '' THEN ' GENERATED' WHEN a.attidentity <> '' THEN ' IDENTITY' ELSE '' END
        || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY c.relname, a.attnum`,

  // PostgreSQL 18 also lists NOT NULL as constraints ('n'); the columns above say it on every version.
  constraints: `
    SELECT c.relname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS line
      FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND k.contype <> 'n'
       AND k.conparentid = 0
     ORDER BY c.relname, k.conname`,

  indexes: `
    SELECT pg_get_indexdef(i.indexrelid) AS line
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_class x ON x.oid = i.indexrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
     ORDER BY c.relname, x.relname`,

  triggers: `
    SELECT pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'A' THEN ' [always]' WHEN 'D' THEN ' [disabled]' ELSE '' END
        AS line
      FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND NOT t.tgisinternal
     ORDER BY c.relname, t.tgname`,

  functions: `
    SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') RETURNS ' || pg_get_function_result(p.oid)
        || CASE WHEN p.prosecdef THEN ' SECURITY DEFINER' ELSE '' END
        || coalesce(' SET ' || array_to_string(p.proconfig, ', '), '')
        || ' body ' || md5(p.prosrc) AS line
      FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
     ORDER BY 1`,

  // PostgreSQL 18 names the table of a column only where there are several; without that both texts are one.
  views: `
    SELECT c.relname || ' ' || regexp_replace(regexp_replace(pg_get_viewdef(c.oid), '\\m\\w+\\.', '', 'g'), '\\s+', ' ', 'g')
        AS line
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
     ORDER BY 1`,

  // The owner has every right; PostgreSQL 17 added MAINTAIN, which nobody is given here.
  grants: `
    SELECT g.table_name || ' ' || g.grantee || ' ' || string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type) AS line
      FROM information_schema.role_table_grants g
      JOIN pg_class c ON c.relname = g.table_name AND c.relnamespace = 'public'::regnamespace
     WHERE g.table_schema = 'public' AND NOT c.relispartition AND g.grantee LIKE 'tongchou%'
       AND g.privilege_type <> 'MAINTAIN'
     GROUP BY g.table_name, g.grantee
     ORDER BY 1`,
};

/**
 * @param {{query: (sql: string) => Promise<{rows: {line: string}[]}>}} client a connection to the migrated database
 * @returns {Promise<string>} one line per object, in a fixed order
 */
export async function describeSchema(client) {
  const parts = [];
  for (const [title, sql] of Object.entries(SECTIONS)) {
    const { rows } = await client.query(sql);
    parts.push(`## ${title}`, ...rows.map((row) => row.line.replaceAll('\n', ' ')), '');
  }
  return parts.join('\n');
}
