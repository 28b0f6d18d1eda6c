import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Caller, idNo, type SmallPool, smallPool } from './small-pool.js';

let pool: SmallPool;
let clerk: Caller;
let order = 0;

beforeAll(async () => {
  pool = await smallPool();
  clerk = await pool.as('clerk');
}, 60_000);

afterAll(async () => {
  await pool.close();
});

/** A fresh valid number of a man born on 5 May 1980. */
function number(): string {
  order += 1;
  return idNo(`33110219800505${String(order * 2 + 1).padStart(3, '0')}`);
}

async function register(over: object = {}): Promise<string> {
  const answer = await clerk
    .post('persons', { idNo: number(), name: '雷小明', areaCode: '331102', ...over })
    .expect(201);
  return String(answer.body.id);
}

describe('persons', () => {
  it('are registered once: the same number is refused with the existing person', async () => {
    const idNumber = number();
    const id = await register({ idNo: idNumber });
    const again = await clerk
      .post('persons', { idNo: idNumber.toLowerCase(), name: '别人', areaCode: '331121' })
      .expect(409);
    expect(again.body).toMatchObject({ code: 'enrollment.person-exists', existingId: id });
    expect(await pool.database.query('SELECT 1 FROM person_certificate WHERE person_id = $1', [id])).toHaveLength(1);
  });

  it('take birth date and sex from the number and show it masked', async () => {
    const idNumber = number();
    const id = await register({ idNo: idNumber, phone: '13800001234' });
    const { body } = await clerk.get(`persons/${id}`).expect(200);
    expect(body).toMatchObject({
      idNo: `331102********${idNumber.slice(-4)}`,
      phone: '138****1234',
      birthDate: '1980-**-**',
      sex: '1',
      areaName: '莲都区',
      marks: [],
    });
    expect(JSON.stringify(body)).not.toContain(idNumber);
  });

  it.each([
    ['a wrong check digit', { idNo: '331102198005050010' }, 'enrollment.bad-id-number'],
    ['an unknown county', { areaCode: '331199' }, 'catalogue.unknown-area'],
    ['the pool itself as county', { areaCode: '331100' }, 'catalogue.unknown-area'],
    ['a broken name', { name: '李\uFFFD' }, 'enrollment.bad-name'],
    ['a field that does not exist', { createdBy: 'me' }, 'http.invalid'],
    ['a number instead of text', { name: 12 }, 'http.invalid'],
  ])('refuse %s and write nothing', async (_, over, code) => {
    const before = await pool.database.query('SELECT count(*) FROM person');
    const { body } = await clerk
      .post('persons', { idNo: number(), name: '蓝天', areaCode: '331102', ...over })
      .expect(400);
    expect(body.code).toBe(code);
    expect(await pool.database.query('SELECT count(*) FROM person')).toEqual(before);
  });

  it('are found by characters outside the Basic Multilingual Plane, unaltered', async () => {
    const id = await register({ name: '李𬱖𬭎' });
    await register({ name: '李𬱖' });
    for (const name of ['𬭎', '𬱖𬭎', '李𬱖𬭎']) {
      const { body } = await clerk.get(`persons?name=${encodeURIComponent(name)}`).expect(200);
      expect(body.items).toEqual([expect.objectContaining({ id, name: '李𬱖𬭎' })]);
    }
    const reversed = await clerk.get(`persons?name=${encodeURIComponent('𬭎𬱖')}`).expect(200);
    expect(reversed.body.items).toEqual([]);
  });

  it('are found by the whole number, in the body only, and the look is in the audit trail', async () => {
    const idNumber = number();
    const id = await register({ idNo: idNumber });
    const { body } = await clerk.post('persons/search', { idNo: idNumber }).expect(200);
    expect(body.items).toHaveLength(1);
    const looks = await pool.database.query<{ person_ids: string[]; details: object }>(
      `SELECT person_ids, details FROM audit_event WHERE action = 'enrollment.person.listed' ORDER BY id DESC LIMIT 1`,
    );
    expect(looks[0]).toMatchObject({ person_ids: [id], details: { by: ['idNo'] } });
    expect((await clerk.post('persons/search', {}).expect(400)).body.code).toBe('enrollment.search-too-short');
  });

  it('are revealed with a reason only, by those who may, and it is kept', async () => {
    const idNumber = number();
    const id = await register({ idNo: idNumber });
    await clerk.post(`persons/${id}/reveal`, {}).expect(400);
    const auditor = await pool.as('auditor');
    await auditor.post(`persons/${id}/reveal`, { reason: '对账核实' }).expect(403);
    const { body } = await clerk.post(`persons/${id}/reveal`, { reason: '寄送医保凭证' }).expect(200);
    expect(body).toEqual({ id, idNo: idNumber, phone: null, birthDate: '1980-05-05' });
    const kept = await pool.database.query(
      `SELECT kind, actor_name, details ->> 'reason' AS reason FROM audit_event WHERE action = 'enrollment.person.revealed' AND subject_id = $1`,
      [id],
    );
    expect(kept).toEqual([{ kind: 'look', actor_name: 'clerk', reason: '寄送医保凭证' }]);
  });

  it('come page by page without gap or repetition', async () => {
    for (let count = 0; count < 5; count += 1) await register({ name: '分页' });
    const all = await clerk.get(`persons?name=${encodeURIComponent('分页')}&limit=200`).expect(200);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await clerk.get(`persons?name=${encodeURIComponent('分页')}&limit=2${after}`).expect(200);
      seen.push(...body.items.map((item: { id: string }) => item.id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(all.body.items.map((item: { id: string }) => item.id));
    expect(seen).toHaveLength(5);
    await clerk.get('persons?cursor=bm9uc2Vuc2U').expect(400);
  });

  it('of another county do not exist for a user of one county', async () => {
    const here = await register({ name: '县内' });
    const there = await register({ name: '县外', areaCode: '331121' });
    await pool.moveTo('inspector', '331121');
    const inspector = await pool.as('inspector');
    const { body } = await inspector.get('persons?limit=200').expect(200);
    expect(body.items.map((item: { id: string }) => item.id)).toEqual([there]);
    await inspector.get(`persons/${there}`).expect(200);
    for (const path of [
      `persons/${here}`,
      `persons/${here}/coverages`,
      'persons/00000000-0000-7000-8000-000000000009',
    ]) {
      expect((await inspector.get(path).expect(404)).body.code).toBe('enrollment.person-not-found');
    }
  });

  it('carry dated marks that do not overlap', async () => {
    const id = await register();
    const mark = { mark: 'dibao', from: '2026-01-01', to: '2027-01-01', evidence: '民发〔2026〕1号' };
    await clerk.post(`persons/${id}/marks`, mark).expect(204);
    expect((await clerk.post(`persons/${id}/marks`, { ...mark, from: '2026-06-01' }).expect(409)).body.code).toBe(
      'enrollment.mark-overlaps',
    );
    await clerk.post(`persons/${id}/marks`, { ...mark, from: '2027-01-01', to: undefined }).expect(204);
    await clerk.post(`persons/${id}/marks`, { ...mark, mark: 'tekun' }).expect(204);
    expect((await clerk.get(`persons/${id}`).expect(200)).body.marks).toHaveLength(3);
  });

  it('move to another county of the scope', async () => {
    const id = await register();
    await clerk.patch(`persons/${id}`, { areaCode: '331121', phone: '13900000000' }).expect(204);
    expect((await clerk.get(`persons/${id}`)).body).toMatchObject({ areaCode: '331121', phone: '139****0000' });
  });
});

describe('coverage', () => {
  const resident = { scheme: '390', insuredType: 'adult', from: '2026-01-01', to: '2027-01-01' };
  const employee = { scheme: '310', insuredType: 'employed', from: '2026-06-01' };

  it('in two schemes at once is refused by the database, one after the other is not', async () => {
    const id = await register();
    await clerk.post(`persons/${id}/coverages`, resident).expect(201);
    const refused = await clerk.post(`persons/${id}/coverages`, employee).expect(409);
    expect(refused.body.code).toBe('enrollment.coverage-overlaps');
    await clerk.post(`persons/${id}/coverages`, { ...employee, from: '2027-01-01' }).expect(201);
    await expect(
      pool.database.query(
        `INSERT INTO coverage (pool_area, person_id, id, scheme, insured_type, valid, benefits_from, created_by)
         VALUES ('331100', $1, gen_random_uuid(), '310', 'employed', '[2026-12-31,2027-01-01)', '2026-12-31', 'x')`,
        [id],
      ),
    ).rejects.toMatchObject({ constraint: 'coverage_no_overlap' });
  });

  it('of 100 concurrent attempts one is made', async () => {
    const id = await register();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        clerk.post(`persons/${id}/coverages`, resident).then((answer) => answer.status),
      ),
    );
    expect(answers.filter((status) => status === 201)).toHaveLength(1);
    expect(answers.filter((status) => status === 409)).toHaveLength(99);
    expect(await pool.database.query('SELECT 1 FROM coverage WHERE person_id = $1', [id])).toHaveLength(1);
  }, 30_000);

  it('is suspended, resumed and ended, and its history can be read', async () => {
    const id = await register();
    const coverage = String((await clerk.post(`persons/${id}/coverages`, { ...employee, from: '2026-01-01' })).body.id);
    await clerk.post(`persons/${id}/coverages/${coverage}/suspend`, { reason: '欠费' }).expect(204);
    expect((await clerk.get(`persons/${id}/coverages`)).body[0].status).toBe('suspended');
    await clerk.post(`persons/${id}/coverages/${coverage}/resume`, { reason: '补缴' }).expect(204);
    await clerk.post(`persons/${id}/coverages/${coverage}/end`, { on: '2025-12-31', reason: '离职' }).expect(400);
    await clerk.post(`persons/${id}/coverages/${coverage}/end`, { on: '2026-07-01', reason: '离职' }).expect(204);
    await clerk.post(`persons/${id}/coverages`, { ...resident, from: '2026-07-01' }).expect(201);
    const { body } = await clerk.get(`persons/${id}/coverages`).expect(200);
    expect(body.map((row: { scheme: string; from: string; to: string }) => [row.scheme, row.from, row.to])).toEqual([
      ['390', '2026-07-01', '2027-01-01'],
      ['310', '2026-01-01', '2026-07-01'],
    ]);
  });

  it.each([
    ['a wrong type', { ...resident, insuredType: 'retired' }, 'enrollment.wrong-insured-type'],
    ['no day', { ...resident, to: '2026-01-01' }, 'enrollment.bad-period'],
    ['a day that does not exist', { ...resident, from: '2026-02-30' }, 'time.not-a-date'],
  ])('with %s is refused', async (_, body, code) => {
    const id = await register();
    expect((await clerk.post(`persons/${id}/coverages`, body).expect(400)).body.code).toBe(code);
  });

  it('is not for the reviewer to write', async () => {
    const id = await register();
    const reviewer = await pool.as('reviewer');
    await reviewer.post(`persons/${id}/coverages`, resident).expect(403);
    await reviewer.get(`persons/${id}/coverages`).expect(200);
  });
});
