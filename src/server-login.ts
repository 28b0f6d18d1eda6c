import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';

const CONNECT_TIMEOUT_MS = 5_000;
const LOGIN = /^[a-z_][a-z0-9_]{0,62}$/;
const ITERATIONS = 4_096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** What the login must not be or have. A row is one sentence about what is too much. */
const TOO_MUCH = `
  SELECT 'it is a superuser' AS fault FROM pg_roles WHERE rolname = $1 AND rolsuper
  UNION ALL SELECT 'it may make roles' FROM pg_roles WHERE rolname = $1 AND rolcreaterole
  UNION ALL SELECT 'it may make databases' FROM pg_roles WHERE rolname = $1 AND rolcreatedb
  UNION ALL SELECT 'it bypasses row security' FROM pg_roles WHERE rolname = $1 AND rolbypassrls
  UNION ALL SELECT 'it is a member of ' || g.rolname FROM pg_auth_members m
    JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
    WHERE r.rolname = $1 AND g.rolname <> 'tongchou_app'
  UNION ALL SELECT 'it owns ' || c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
    WHERE r.rolname = $1`;

/**
 * Makes the login under which servers connect, or gives it its password anew, and sees that it has no more rights than
 * `tongchou_app`: unlike the owner it cannot leave that role for a stronger one (ASVS 13.2.2). The password travels as a
 * SCRAM verifier, so that neither the log of PostgreSQL nor pg_stat_statements ever holds it.
 *
 * @param databaseUrl names the login and its password
 * @param ownerUrl a role that may make roles and owns the schema, already migrated
 */
export async function makeServerLogin(
  databaseUrl: string,
  ownerUrl: string,
): Promise<{ login: string; made: boolean }> {
  const { login, password, database } = accountOf(databaseUrl);
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    if ((await client.query('SELECT 1 WHERE current_user = $1', [login])).rowCount === 1) {
      throw new Error(`DATABASE_URL names the owner ${login}; give the server a login of its own`);
    }
    const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [login]);
    const made = known.rowCount === 0;
    await client.query('BEGIN');
    if (made) {
      const rights = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
      await client.query(`CREATE ROLE ${client.escapeIdentifier(login)} ${rights}`);
    }
    const name = client.escapeIdentifier(login);
    await client.query(`ALTER ROLE ${name} PASSWORD ${client.escapeLiteral(scramVerifier(password))}`);
    await client.query(`GRANT tongchou_app TO ${name}`);
    await client.query(`GRANT CONNECT ON DATABASE ${client.escapeIdentifier(database)} TO ${name}, tongchou_app`);
    await client.query(`REVOKE TEMPORARY ON DATABASE ${client.escapeIdentifier(database)} FROM PUBLIC`);
    const faults = await client.query<{ fault: string }>(TOO_MUCH, [login]);
    if (faults.rows.length > 0) {
      throw new Error(`${login} has too many rights: ${faults.rows.map(({ fault }) => fault).join(', ')}`);
    }
    await client.query('COMMIT');
    return { login, made };
  } finally {
    await client.end();
  }
}

function accountOf(databaseUrl: string): { login: string; password: string; database: string } {
  const url = new URL(databaseUrl);
  const login = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!LOGIN.test(login)) throw new Error('DATABASE_URL must name a login of small letters, digits and _');
  if (password.length < 16) throw new Error('the password in DATABASE_URL must have 16 characters or more');
  return { login, password, database };
}

/** What PostgreSQL stores of a password (RFC 5802, RFC 7677); whoever reads it cannot sign in with it. */
function scramVerifier(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, KEY_BYTES, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${String(ITERATIONS)}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
