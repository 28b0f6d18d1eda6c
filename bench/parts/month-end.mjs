/**
 * Month end: the trial and the close of a month of many settlements – facts frozen, sheets computed and explained, figures
 * proved unchanged, books posted, orders issued – beside bare SQL that sums the same settlements once and writes the same
 * rows. Then the close of the ledger's period beside a bare sum over its postings.
 */
import { performance } from 'node:perf_hooks';
import { built, withApplication } from '../lib/application.mjs';
import { withClient } from '../lib/databases.mjs';
import { migrate, personId, POOL, PROVIDERS, providerId, seed } from '../lib/pool.mjs';
import { sayMedian, sayRound } from '../lib/report.mjs';
import { settings } from '../lib/settings.mjs';

const SCHEME = '390';
const YEAR = 2026;
/** Settled by the engine for each month; copied by SQL until the month is as large as it should be. */
const SETTLED = 2_000;
const PER_CALL = 400;
/** What a month leaves when it is closed. */
const LEFT = ['payment_month_input', 'payment_month_line', 'payment_month_cell', 'payment_order'];

const monthOf = (round) => `${YEAR}-${String(round + 1).padStart(2, '0')}`;
const spaced = (count) => count.toLocaleString('en').replaceAll(',', ' ');

/** @param {import('../lib/databases.mjs').Databases} databases */
export async function measureMonthEnd(databases) {
  const url = await databases.create('month');
  await migrate(url);
  await seed(url, { persons: SETTLED });
  const bills = spaced(settings.monthBills);
  const end = measured(
    'month-end',
    `trial and close of a month of ${bills} settlements`,
    'SQL that sums them once and writes the same rows',
  );
  const books = measured(
    'period-close',
    `close of the ledger period of ${bills} journals, sealed by a hash`,
    'SQL that counts and sums the postings',
  );
  await withApplication(url, async (app) => {
    const office = await openOffice(app);
    for (let round = 0; round < settings.rounds; round += 1) await fill(app, url, monthOf(round));
    await withClient(url, (client) => client.query('VACUUM ANALYZE'));
    await office.budget();
    for (let round = 0; round < settings.rounds; round += 1) {
      const month = monthOf(round);
      const id = await office.trial(month);
      const closed = await office.close(id.value);
      const floor = await sumAndWrite(url, month, id.value);
      const note = `trial ${id.seconds.toFixed(2)} s, close ${closed.seconds.toFixed(2)} s`;
      end.rounds.push({ ours: id.seconds + closed.seconds, floor, note });
      sayRound(end, round);
      const before = await sumPeriod(url, month);
      const period = await office.closePeriod(month);
      books.rounds.push({ ours: period.seconds, floor: before });
      sayRound(books, round);
    }
  });
  await databases.drop('month');
  for (const measure of [end, books]) sayMedian(measure);
  return [end, books];
}

const measured = (key, what, floorName) => ({ key, what, unit: 's', floor: floorName, rounds: [] });

async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}

/** The people and services that settle a month. */
async function openOffice(app) {
  const { Transactions } = await built('common/db/index.js');
  const { Clock } = await built('common/time/index.js');
  const { DemoAccounts } = await built('identity/index.js');
  const { Funding } = await built('funding/index.js');
  const { BudgetHistory, Budgets, MonthCloser, MonthSettlements } = await built('payment/index.js');
  const { Ledger } = await built('ledger/index.js');
  const transactions = app.get(Transactions);
  const actors = await transactions.read((tx) => app.get(DemoAccounts).actors(tx, POOL));
  const [clerk, reviewer, approver] = ['clerk', 'reviewer', 'approver'].map((name) => actors.get(name));
  const today = app.get(Clock).today();
  const months = app.get(MonthSettlements);
  return {
    budget: () =>
      transactions.run(async (tx) => {
        const forecast = {
          scheme: SCHEME,
          year: YEAR,
          kind: 'premium',
          tier: 'none',
          forecast: 100_000_000_00n,
          version: 0,
        };
        await app.get(Funding).setForecast(tx, forecast, clerk);
        const rows = Array.from({ length: PROVIDERS * 12 }, (_, index) => ({
          ...{
            providerId: providerId((index % PROVIDERS) + 1),
            month: `${YEAR - 1}-${String(Math.floor(index / PROVIDERS) + 1).padStart(2, '0')}`,
          },
          ...{ budgeted: 1_000_000_00n, visits: 100 },
        }));
        await app.get(BudgetHistory).record(tx, clerk, SCHEME, rows);
        const budgets = app.get(Budgets);
        const id = await budgets.draft(tx, clerk, { scheme: SCHEME, year: YEAR });
        await budgets.publish(tx, clerk, id, today);
        await budgets.submit(tx, clerk, id);
        await budgets.approve(tx, approver, id, today);
      }),
    trial: (month) =>
      timed(async () => {
        const { monthId, state } = await months.trial(clerk, { scheme: SCHEME, month }, today);
        if (monthId === null || state !== 'done') throw new Error(`the trial of ${month} ended as ${state}`);
        return monthId;
      }),
    close: async (id) => {
      await transactions.run((tx) => months.step(tx, clerk, id, 'submit'));
      await transactions.run((tx) => months.step(tx, reviewer, id, 'review'));
      await transactions.run((tx) => months.step(tx, approver, id, 'approve'));
      return timed(() => transactions.run((tx) => app.get(MonthCloser).close(tx, approver, id, today)));
    },
    closePeriod: (period) =>
      timed(() =>
        transactions.run((tx) =>
          app.get(Ledger).closePeriod(tx, { poolArea: POOL, scheme: SCHEME, period }, today, approver),
        ),
      ),
  };
}

/** Bills of a month: some through the engine, and copies of their rows until there are enough. */
async function fill(app, url, month) {
  const { Claims } = await built('claims/index.js');
  const { Transactions } = await built('common/db/index.js');
  await withClient(url, (client) => client.query(`SELECT ensure_month_partitions($1::date)`, [`${month}-01`]));
  const count = Math.min(SETTLED, settings.monthBills);
  for (let start = 1; start <= count; start += PER_CALL) {
    const bills = Array.from({ length: Math.min(PER_CALL, count - start + 1) }, (_, index) =>
      bill(start + index, month),
    );
    await app.get(Transactions).run(async (tx) => {
      const outcomes = await app.get(Claims).settleBatch(tx, POOL, bills, 'bench');
      const refused = outcomes.find(({ outcome }) => outcome !== 'written');
      if (refused !== undefined)
        throw new Error(`a bill was not settled: ${refused.error?.text('en') ?? refused.outcome}`);
    });
  }
  await copyBills(url, month, Math.ceil(settings.monthBills / count) - 1);
}

function bill(n, month) {
  const day = `${month}-${String((n % 27) + 1).padStart(2, '0')}`;
  const amount = BigInt(50_000 + ((n * 7919) % 900_000));
  return {
    ...{
      billNo: `M${month}-${n}`,
      personId: personId(n),
      providerId: providerId((n % PROVIDERS) + 1),
      category: 'inpatient',
    },
    ...{
      admittedOn: day,
      dischargedOn: day,
      settledOn: day,
      settleMonth: month,
      referral: 'referred',
      source: 'import',
    },
    ...{ mainDiagnosis: 'K80.501', physicianId: undefined },
    lines: [
      {
        ...{
          lineNo: 1,
          itemCode: 'BENCH',
          quantity: '1',
          unitPrice: `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`,
        },
        ...{ amount, feeDate: day, summary: true },
      },
    ],
  };
}

/**
 * Copies a month's settlements and their postings, each copy with ids of its own, whatever columns the tables have. The
 * postings of a copy are written in one transaction, as the guards of the ledger demand.
 */
async function copyBills(url, month, times) {
  if (times <= 0) return;
  const first = `${month}-01`;
  const derived = (column) => `md5(t.${column}::text || n)::uuid`;
  const copy = async (client, table, where, over) => {
    const { rows } = await client.query(
      `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns
       FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
         AND coalesce(pg_get_expr(adbin, adrelid), '') NOT LIKE '%pg_current_xact_id%'`,
      [table],
    );
    const { columns } = rows[0];
    await client.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM (
         SELECT (jsonb_populate_record(t, jsonb_build_object(${over}))).* FROM ${table} AS t, generate_series(1, ${times}) AS n
         WHERE ${where}) AS copies`,
    );
  };
  await withClient(url, async (client) => {
    await client.query('BEGIN');
    const settled = `settle_month = '${first}'`;
    await copy(
      client,
      'settlement',
      settled,
      `'id', ${derived('id')}, 'visit_id', ${derived('visit_id')}, 'bill_no', t.bill_no || '-' || n`,
    );
    const originals = `period = '${first}' AND source_kind = 'settlement'`;
    await client.query(
      `CREATE TEMP TABLE originals ON COMMIT DROP AS SELECT id FROM ledger_journal WHERE ${originals}`,
    );
    const own = `period = '${first}' AND %s IN (SELECT id FROM originals)`;
    await copy(
      client,
      'ledger_journal',
      own.replace('%s', 't.id'),
      `'id', ${derived('id')}, 'source_id', ${derived('id')}`,
    );
    await copy(client, 'ledger_line', own.replace('%s', 't.journal_id'), `'journal_id', ${derived('journal_id')}`);
    await client.query('COMMIT');
  });
}

/** Seconds of bare SQL that sums a month once and writes the rows that its trial and close left, into tables alike. */
async function sumAndWrite(url, month, monthId) {
  return withClient(url, async (client) => {
    for (const table of [...LEFT, 'ledger_line']) {
      await client.query(`CREATE TEMP TABLE copy_of_${table} (LIKE ${table} INCLUDING ALL)`);
    }
    const rowsOf = (table) => (table === 'payment_order' ? `source_id = '${monthId}'` : `month_id = '${monthId}'`);
    const { seconds } = await timed(async () => {
      await client.query('BEGIN');
      await client.query(
        `CREATE TEMP TABLE sums AS SELECT provider_id, category, count(*), sum(hifp_fen) AS hifp, sum(cvlserv_fen) AS cvlserv,
           sum(hifes_fen) AS hifes, sum(hifmi_fen) AS hifmi, sum(hifob_fen) AS hifob, sum(maf_fen) AS maf, sum(oth_fen) AS oth,
           sum(special_fen) AS special, sum(acct_pay_fen) AS acct
         FROM settlement WHERE pool_area = $1 AND scheme = $2 AND settle_month = $3 GROUP BY provider_id, category`
          .replace('$1', `'${POOL}'`)
          .replace('$2', `'${SCHEME}'`)
          .replace('$3', `'${month}-01'`),
      );
      for (const table of LEFT) {
        await client.query(`INSERT INTO copy_of_${table} SELECT * FROM ${table} WHERE ${rowsOf(table)}`);
      }
      await client.query(
        `INSERT INTO copy_of_ledger_line SELECT l.* FROM ledger_line AS l JOIN ledger_journal AS j
           ON j.period = l.period AND j.id = l.journal_id WHERE j.source_kind = 'month-settlement' AND j.source_id = $1`,
        [monthId],
      );
      await client.query('COMMIT');
    });
    return seconds;
  });
}

/** Seconds of bare SQL that counts and sums the postings of a period. */
async function sumPeriod(url, month) {
  return withClient(url, async (client) => {
    const { seconds } = await timed(() =>
      client.query(
        `SELECT count(*), sum(amount_fen), count(DISTINCT journal_id) FROM ledger_line
         WHERE pool_area = $1 AND scheme = $2 AND period = $3`,
        [POOL, SCHEME, `${month}-01`],
      ),
    );
    return seconds;
  });
}
