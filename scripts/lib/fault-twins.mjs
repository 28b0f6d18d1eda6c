/**
 * The broken twins: builds from which one guard was taken out. A suite that finds no difference in them would find none
 * in the real program either. Each edit must be found exactly once, so a twin cannot quietly become whole again.
 */

/** Settling forgets under which key and number a bill came: a retry is a second bill. */
const keysForgotten = [
  {
    file: 'claims/settlement.service.ts',
    find: 'idempotencyKey: key,',
    replace: 'idempotencyKey: `${key}-${String(Math.random())}`,',
  },
  {
    file: 'claims/settle-request.ts',
    find: 'billNo: body.billNo,',
    replace: 'billNo: `${body.billNo}-${String(Math.random()).slice(2, 10)}`,',
  },
];

/** Transactions that do not hold together: every statement takes effect by itself. */
const noTransaction = [
  {
    file: 'common/db/transactions.ts',
    find: 'await runner.startTransaction(isolation);',
    replace: 'void isolation;',
  },
  {
    file: 'common/db/transactions.ts',
    find: 'await runner.commitTransaction();',
    replace: '',
  },
];

export const TWINS = { 'twin-keys': keysForgotten, 'twin-transaction': noTransaction };
