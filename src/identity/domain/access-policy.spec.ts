import { describe, expect, it } from '@jest/globals';
import { parseAccessPolicy } from './access-policy.js';

const roles = { clerk: { zh: '经办', en: 'Clerk' }, auditor: { zh: '审计', en: 'Auditor' } };
const row = { permission: 'a.read', roles: ['clerk'], scope: 'area' };
const policyOf = (routes: object, exclusive: unknown = [['clerk', 'auditor']]) =>
  parseAccessPolicy({ roles, exclusive, routes });

describe('the access policy', () => {
  it('finds a row by the router’s pattern and by OpenAPI’s, whatever the parameter is called', () => {
    const policy = policyOf({ 'GET /api/v1/things/{id}': row });
    expect(policy.rowOf('GET', '/api/v1/things/:thingId')?.permission).toBe('a.read');
    expect(policy.rowOf('GET', '/api/v1/things/{id}')?.permission).toBe('a.read');
    expect(policy.rowOf('POST', '/api/v1/things/:id')).toBeUndefined();
    expect(policy.rowOf('GET', '/api/v1/things')).toBeUndefined();
  });

  it('gives a role the permissions of its rows and no other', () => {
    const policy = policyOf({
      'GET /api/v1/a': row,
      'POST /api/v1/a': { ...row, permission: 'a.write', roles: ['auditor'] },
      'GET /api/v1/me': { access: 'signed-in' },
      'GET /api/live': { access: 'public' },
    });
    expect([...policy.permissionsOf(['clerk'])]).toEqual(['a.read']);
    expect([...policy.permissionsOf(['clerk', 'auditor'])].sort()).toEqual(['a.read', 'a.write']);
    expect([...policy.permissionsOf([])]).toEqual([]);
    expect([...policy.permissionsOf(['nobody'])]).toEqual([]);
    expect(policy.conflictIn(['auditor', 'clerk'])).toEqual(['clerk', 'auditor']);
    expect(policy.conflictIn(['clerk'])).toBeUndefined();
  });

  it.each([
    ['an unknown role', { 'GET /api/a': { ...row, roles: ['boss'] } }, /unknown role boss/],
    ['no role', { 'GET /api/a': { ...row, roles: [] } }, /lets nobody in/],
    ['an unknown scope', { 'GET /api/a': { ...row, scope: 'county' } }, /unknown scope county/],
    ['no permission', { 'GET /api/a': { ...row, permission: undefined } }, /expected a text/],
    ['a misspelt member', { 'GET /api/a': { ...row, role: ['clerk'] } }, /unknown member role/],
    ['an unknown method', { 'FETCH /api/a': row }, /METHOD/],
    ['a path outside /api', { 'GET /a': row }, /METHOD/],
    ['an unknown access', { 'GET /api/a': { access: 'anybody' } }, /unknown access/],
    ['access and roles at once', { 'GET /api/a': { access: 'public', roles: ['clerk'] } }, /stands alone/],
    [
      'one permission with two sets of roles',
      { 'GET /api/a': row, 'GET /api/b': { ...row, roles: ['auditor'] } },
      /other roles/,
    ],
    ['a list instead of a mapping', [], /expected a mapping|METHOD/],
  ])('refuses %s', (_name, routes, message) => {
    expect(() => policyOf(Array.isArray(routes) ? { 'GET /api/a': routes } : routes)).toThrow(message);
  });

  it('refuses an exclusion of a role that does not exist', () => {
    expect(() => policyOf({ 'GET /api/a': row }, [['clerk', 'boss']])).toThrow(/exclusive/);
  });
});
