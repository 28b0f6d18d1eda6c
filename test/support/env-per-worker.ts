import { formatKeys, makeKeys, SoftwareProvider } from '../../src/common/crypto/index.js';

/**
 * The environment of every test file, set before any module of the application is loaded: no schedules
 * that fire by themselves, quiet logs, and no inherited address of somebody's real database.
 */
process.env['NODE_ENV'] = 'test';
process.env['LOG_LEVEL'] ??= 'silent';
process.env['SCHEDULES'] ??= 'off';
// Fresh keys for every test file, handed on to the servers it spawns: none lies in the repository or on the disk.
process.env['FIELD_KEYS'] ??= formatKeys(makeKeys(new SoftwareProvider()));
// Whoever signs in for a test of something else has no authenticator app.
process.env['SECOND_FACTOR'] ??= 'optional';
// Hundreds of requests at once on a busy machine are no overload here.
process.env['DB_WAIT_MS'] ??= '5000';
delete process.env['DATABASE_URL'];
