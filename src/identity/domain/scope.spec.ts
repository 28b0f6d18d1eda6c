import { describe, expect, it } from '@jest/globals';
import { type Actor, systemActor } from './actor.js';
import { scopeSql } from './scope.js';

const bureau = systemActor('331100');
const county: Actor = { ...bureau, areaCodes: ['331102'], wholePool: false };
const hospital: Actor = { ...bureau, providerId: '01900000-0000-7000-8000-00000000a001' };
const COLUMNS = { pool: 's.pool_area', area: 's.area_code', provider: 's.provider_id' } as const;

describe('the filter of what an actor may see', () => {
  it('is the pool for the prefecture', () => {
    expect(scopeSql(bureau, COLUMNS)).toEqual({ sql: '(s.pool_area = $1)', params: ['331100'] });
  });

  it('is the county and below for a user of a county, numbered from where the query says', () => {
    expect(scopeSql(county, COLUMNS, 4)).toEqual({
      sql: '(s.pool_area = $4 AND (starts_with(s.area_code, $5)))',
      params: ['331100', '331102'],
    });
  });

  it('is the own institution for a user of a provider, wherever it lies', () => {
    expect(scopeSql(hospital, COLUMNS)).toEqual({
      sql: '(s.pool_area = $1 AND s.provider_id = $2::uuid)',
      params: ['331100', hospital.providerId],
    });
  });

  it('lets nobody in through a column that the query does not have', () => {
    expect(scopeSql(hospital, { pool: 'pool_area', area: 'area_code' }).sql).toContain('false');
    expect(scopeSql(county, { pool: 'pool_area', provider: 'provider_id' }).sql).toContain('false');
    expect(scopeSql({ ...county, areaCodes: [] }, COLUMNS).sql).toContain('false');
  });

  it('takes column names only, never text from outside', () => {
    expect(() => scopeSql(bureau, { pool: "x' OR '1'='1" })).toThrow(/not a column name/);
  });
});
