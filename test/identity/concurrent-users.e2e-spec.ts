import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type SmallPool, smallPool } from '../enrollment/small-pool.js';

let pool: SmallPool;

beforeAll(async () => {
  pool = await smallPool();
}, 60_000);

afterAll(async () => {
  await pool.close();
}, 30_000);

it('users who ask at the same time are each answered as themselves', async () => {
  const names = ['admin', 'clerk', 'reviewer', 'approver', 'auditor'];
  const callers = await Promise.all(names.map((name) => pool.as(name)));
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const { body } = (await callers[index % names.length]?.get('auth/me')) ?? { body: {} };
      return [names[index % names.length], body.username];
    }),
  );
  expect(answers.filter(([asked, answered]) => asked !== answered)).toEqual([]);
}, 30_000);
