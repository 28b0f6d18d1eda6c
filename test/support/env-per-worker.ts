/**
 * The environment of every test file, set before any module of the application is loaded: no schedules
 * that fire by themselves, quiet logs, and no inherited address of somebody's real database.
 */
process.env['NODE_ENV'] = 'test';
process.env['LOG_LEVEL'] ??= 'silent';
process.env['SCHEDULES'] ??= 'off';
delete process.env['DATABASE_URL'];
