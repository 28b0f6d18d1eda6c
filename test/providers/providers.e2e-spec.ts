import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Catalogue, CatalogueItems } from '../../src/catalogue/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { fen } from '../../src/common/money/index.js';
import { parseLocalDate, parseMonth } from '../../src/common/time/index.js';
import { Providers } from '../../src/providers/index.js';
import { type Caller, POOL, type SmallPool, smallPool } from '../enrollment/small-pool.js';

let pool: SmallPool;
let clerk: Caller;
let approver: Caller;
let serial = 0;

beforeAll(async () => {
  pool = await smallPool();
  clerk = await pool.as('clerk');
  approver = await pool.as('approver');
}, 60_000);

afterAll(async () => {
  await pool.close();
}, 30_000);

function institution(over: object = {}): object {
  serial += 1;
  return {
    code12: `H331102${String(serial).padStart(5, '0')}`,
    name: `示例医院${String(serial)}`,
    type: 'hospital',
    level: 'secondary',
    speciality: 'general',
    ownership: 'public',
    areaCode: '331102',
    priceLevel: 'secondary',
    beds: 100,
    payeeName: '示例医院',
    payeeBank: '示例银行',
    payeeAccount: '6222000011112222',
    ...over,
  };
}

async function register(over: object = {}): Promise<string> {
  return String((await clerk.post('institutions', institution(over)).expect(201)).body.id);
}

async function agreement(institutionId: string, over: object = {}): Promise<string> {
  serial += 1;
  const body = {
    institutionId,
    agreementNo: `协〔2026〕${String(serial)}号`,
    from: '2026-01-01',
    to: '2027-01-01',
    paymentMethod: { inpatient: 'global-budget' },
    depositRate: '0.05',
    ...over,
  };
  return String((await clerk.post('agreements', body).expect(201)).body.id);
}

describe('institutions', () => {
  it('are registered once and show their account by its last digits', async () => {
    const body = institution();
    const id = String((await clerk.post('institutions', body).expect(201)).body.id);
    const again = await clerk
      .post('institutions', { ...institution(), code12: (body as { code12: string }).code12 })
      .expect(409);
    expect(again.body).toMatchObject({ code: 'providers.institution-exists', existingId: id });
    expect((await clerk.get(`institutions/${id}`)).body).toMatchObject({
      payeeAccount: '****2222',
      areaName: '莲都区',
      state: 'active',
    });
  });

  it.each([
    ['a code of another shape', { code12: 'X33110200001' }],
    ['a level that does not exist', { level: 'quaternary' }],
    ['a number of beds below nothing', { beds: -1 }],
  ])('with %s are refused', async (_, over) => {
    expect((await clerk.post('institutions', institution(over)).expect(400)).body.code).toBe('http.invalid');
  });

  it('have departments and physicians with a privilege that does not overlap', async () => {
    const id = await register();
    const departmentId = String(
      (await clerk.post(`institutions/${id}/departments`, { code: '03', name: '内科' }).expect(201)).body.id,
    );
    expect(
      (await clerk.post(`institutions/${id}/departments`, { code: '03', name: '内科' }).expect(409)).body.code,
    ).toBe('providers.department-exists');
    const physician = {
      name: '雷𬱖',
      licenceNo: `D${String(serial).padStart(8, '0')}`,
      profession: 'physician',
      departmentId,
      from: '2026-01-01',
    };
    await clerk.post(`institutions/${id}/physicians`, physician).expect(201);
    expect(
      (await clerk.post(`institutions/${id}/physicians`, { ...physician, from: '2026-06-01' }).expect(409)).body.code,
    ).toBe('providers.privilege-overlaps');
    const { body } = await clerk.get(`institutions/${id}/physicians`).expect(200);
    expect(body.items).toEqual([expect.objectContaining({ name: '雷𬱖', departmentName: '内科', state: 'active' })]);
  });

  it('of another county do not exist for a user of one county', async () => {
    const here = await register();
    await pool.moveTo('inspector', '331121');
    const inspector = await pool.as('inspector');
    expect((await inspector.get('institutions?limit=200').expect(200)).body.items).toEqual([]);
    expect((await inspector.get(`institutions/${here}`).expect(404)).body.code).toBe('providers.institution-not-found');
    await inspector.get(`institutions/${here}/departments`).expect(404);
  });
});

describe('agreements', () => {
  it('are drafted by one and signed by another, and never overlap once signed', async () => {
    const id = await register();
    const one = await agreement(id);
    const other = await agreement(id, { from: '2026-06-01', to: '2027-06-01' });
    await clerk.post(`agreements/${one}/sign`).expect(403);
    await approver.post(`agreements/${one}/sign`).expect(204);
    expect((await approver.post(`agreements/${other}/sign`).expect(409)).body.code).toBe(
      'providers.agreement-overlaps',
    );
    expect((await clerk.get(`agreements/${one}`)).body).toMatchObject({
      state: 'in-force',
      createdBy: 'clerk',
      signedBy: 'approver',
    });
    await expect(
      pool.database.query(`UPDATE agreement SET signed_by = created_by WHERE id = $1`, [one]),
    ).rejects.toMatchObject({ constraint: 'agreement_ck_signed' });
  });

  it('are suspended, resumed and terminated; the spans are what payment asks for', async () => {
    const institutionId = await register();
    const id = await agreement(institutionId);
    expect(
      (await approver.post(`agreements/${id}/suspend`, { from: '2026-03-10', reason: '违规' }).expect(409)).body.code,
    ).toBe('providers.illegal-step');
    await approver.post(`agreements/${id}/sign`).expect(204);
    await approver.post(`agreements/${id}/suspend`, { from: '2026-03-10', days: 60, reason: '违规' }).expect(204);
    expect(
      (await approver.post(`agreements/${id}/suspend`, { from: '2026-04-01', days: 9, reason: '违规' }).expect(409))
        .body.code,
    ).toBe('providers.suspension-overlaps');
    expect(
      (await approver.post(`agreements/${id}/suspend`, { from: '2027-01-01', reason: '违规' }).expect(400)).body.code,
    ).toBe('providers.outside-agreement');
    await approver.post(`agreements/${id}/resume`, { on: '2026-04-05', reason: '整改合格' }).expect(204);
    const spans = await pool
      .get(Transactions)
      .read((tx) => pool.get(Providers).suspendedSpans(tx, POOL, parseMonth('2026-04')));
    expect(spans).toEqual([{ institutionId, from: '2026-03-10', to: '2026-04-05', reason: '违规' }]);
    await approver.post(`agreements/${id}/terminate`, { on: '2026-09-01', reason: '骗保' }).expect(204);
    const on = (day: string): Promise<unknown> =>
      pool
        .get(Transactions)
        .read((tx) => pool.get(Providers).agreementInForce(tx, POOL, institutionId, parseLocalDate(day)));
    expect(await on('2026-08-31')).toMatchObject({ id, depositRate: '0.0500' });
    expect(await on('2026-09-01')).toBeUndefined();
    const trail = await pool.database.query<{ action: string }>(
      `SELECT action FROM audit_event WHERE subject_kind = 'agreement' AND subject_id = $1 ORDER BY id`,
      [id],
    );
    expect(trail.map(({ action }) => action.split('.').at(-1))).toEqual([
      'drafted',
      'signed',
      'suspended',
      'resumed',
      'terminated',
    ]);
  });
});

describe('catalogue', () => {
  it('is seen by settlement as soon as it has changed, in this process and by its version', async () => {
    const catalogue = pool.get(Catalogue);
    const before = catalogue.snapshot().version;
    await pool.get(Transactions).run((tx) =>
      pool.get(CatalogueItems).add(tx, [
        {
          code: 'XT0001',
          kind: 'drug',
          name: '测试片',
          unit: '盒',
          class: 'B',
          selfpayRate: '0.1',
          referencePrice: fen(1250),
          special: null,
          validFrom: parseLocalDate('2024-01-01'),
          validTo: null,
          ceilings: [{ priceLevel: 'secondary', ceiling: fen(1200) }],
        },
      ]),
    );
    const deadline = Date.now() + 5_000;
    while (catalogue.snapshot().version === before && Date.now() < deadline)
      await new Promise((wake) => setTimeout(wake, 20));
    expect(catalogue.snapshot().find('XT0001', parseLocalDate('2026-01-01'))).toMatchObject({
      ceilings: { secondary: 1200n },
    });
    const { body } = await clerk.get('catalogue-items?q=xt0').expect(200);
    expect(body.items).toEqual([
      expect.objectContaining({
        code: 'XT0001',
        referencePrice: '12.50',
        ceilings: [{ priceLevel: 'secondary', ceiling: '12.00' }],
      }),
    ]);
    await clerk.get('catalogue-items/XT9999').expect(404);
  });

  it('the area tree comes parents first', async () => {
    const { body } = await clerk.get('areas').expect(200);
    expect(body.map((area: { code: string }) => area.code)).toEqual(['331100', '331102', '331121']);
  });
});
