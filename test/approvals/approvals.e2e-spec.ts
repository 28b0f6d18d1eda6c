import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Approvals, type ApprovalStep } from '../../src/approvals/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { type Actor, systemActor } from '../../src/identity/index.js';
import { type SmallPool, smallPool } from '../enrollment/small-pool.js';

jest.setTimeout(60_000);

let pool: SmallPool;
let approvals: Approvals;
let transactions: Transactions;

beforeAll(async () => {
  pool = await smallPool();
  approvals = pool.get(Approvals);
  transactions = pool.get(Transactions);
}, 60_000);

afterAll(async () => {
  await pool.close();
});

const person = (name: string): Actor => ({
  ...systemActor('331100'),
  userId: randomUUID(),
  username: name,
  displayName: name,
});
const [maker, checker, chief] = [person('maker'), person('checker'), person('chief')];

const act = (subjectId: string, step: ApprovalStep, actor: Actor, round = 1): Promise<void> =>
  transactions.run((tx) =>
    approvals.act(tx, { subjectKind: 'test-subject', subjectId, round, step, opinion: '同意' }, actor),
  );

const timeline = (subjectId: string): Promise<[number, string, string][]> =>
  transactions.read(async (tx) => {
    const acts = await approvals.timeline(tx, { subjectKind: 'test-subject', subjectId }, '331100');
    return acts.map(({ round, step, actorName }) => [round, step, actorName]);
  });

describe('a round of approval', () => {
  it('is written down as it happened, also over a return', async () => {
    const id = randomUUID();
    await act(id, 'submit', maker);
    await act(id, 'return', checker);
    await act(id, 'submit', maker, 2);
    await act(id, 'review', checker, 2);
    await act(id, 'approve', chief, 2);
    expect(await timeline(id)).toEqual([
      [1, 'submit', 'maker'],
      [1, 'return', 'checker'],
      [2, 'submit', 'maker'],
      [2, 'review', 'checker'],
      [2, 'approve', 'chief'],
    ]);
  });

  it('is not checked by its maker', async () => {
    const id = randomUUID();
    await act(id, 'submit', maker);
    await expect(act(id, 'review', maker)).rejects.toMatchObject({ code: 'approvals.same-person', kind: 'forbidden' });
    expect(await timeline(id)).toHaveLength(1);
  });

  it('takes one of two clicks at once, whoever clicks', async () => {
    for (let repeat = 0; repeat < 20; repeat += 1) {
      const id = randomUUID();
      await act(id, 'submit', maker);
      const clicks = await Promise.allSettled([
        act(id, 'review', checker),
        act(id, 'review', chief),
        act(id, 'approve', checker),
      ]);
      const codes = clicks.flatMap((click) =>
        click.status === 'rejected' ? [(click.reason as { code: string }).code] : [],
      );
      expect(codes.every((code) => /^approvals\.(step-taken|same-person|out-of-order)$/.test(code))).toBe(true);
      const acts = await timeline(id);
      expect(new Set(acts.map(([, , name]) => name)).size).toBe(acts.length);
      expect(new Set(acts.map(([, step]) => step)).size).toBe(acts.length);
    }
  });

  it('is kept from two acts of one person by the database itself', async () => {
    const id = randomUUID();
    await act(id, 'submit', maker);
    const second = pool.database.query(
      `INSERT INTO approval_act (pool_area, id, subject_kind, subject_id, round, step, actor_id, actor_name)
       VALUES ('331100', gen_random_uuid(), 'test-subject', $1, 1, 'approve', $2, 'maker')`,
      [id, maker.userId],
    );
    await expect(second).rejects.toMatchObject({ constraint: 'uq_approval_act_actor' });
  });
});
