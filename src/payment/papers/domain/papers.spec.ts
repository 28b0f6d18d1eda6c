import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, type Fen, parseYuan, rate, ZERO_FEN } from '../../../common/money/index.js';
import type { Sheet, SheetTable } from '../../../documents/index.js';
import { computeAdvance } from '../../advance/domain/advance.js';
import { bankFileRows } from './bank-file.js';
import { CLEARING_AMOUNTS, clearingLetter, type ClearingPaper } from './clearing-letter.js';
import { MONTH_AMOUNTS, type MonthAmounts, monthSheet, type MonthPaper } from './month-sheet.js';
import { voucher, type VoucherPaper } from './voucher.js';
import { signersOf } from './words.js';

const HASH = 'ab'.repeat(32);
const PROVIDER = { name: '示范市中心医院', code: 'H33110200001', level: 'tertiary' } as const;
const SIGNERS = { made: '甲', reviewed: '乙', approved: '丙' };

function zeros<K extends string>(names: readonly K[]): Record<K, Fen> {
  return Object.fromEntries(names.map((name) => [name, ZERO_FEN])) as Record<K, Fen>;
}

function month(over: Partial<MonthPaper> = {}): MonthPaper {
  const amounts: MonthAmounts = {
    ...zeros(MONTH_AMOUNTS),
    accepted: parseYuan('1070530.53'),
    budgeted: parseYuan('1070530.53'),
    eligible: parseYuan('1070530.53'),
    deposit: parseYuan('53526.53'),
    pay: parseYuan('1017004.00'),
  };
  return {
    ...{ issuer: '示例市医疗保障局', issuedOn: '2026-11-05', hash: HASH, provider: PROVIDER, scheme: '310' },
    ...{ month: '2026-10', mode: 'actual-capped', agreementNo: 'X-1', budgetVersion: 2, policyVersion: 'p@1' },
    ...{ settlements: 12, amounts, cells: [], adjustments: [], signers: SIGNERS, ...over },
  };
}

const fenOf = (figures: string): bigint => BigInt(figures.replace(/[,.]/g, ''));

/** What the lines 加/减 of a table make of the amount in the row that starts with `from`, up to the row `to`. */
function reckoned(table: SheetTable | undefined, from: string, to: string): { sum: bigint; printed: bigint } {
  const rows = (table?.rows ?? []).map(({ cells }) => ({ name: cells[0] ?? '', amount: fenOf(cells[1] ?? '0') }));
  const first = rows.findIndex((row) => row.name.startsWith(from));
  const last = rows.findIndex((row) => row.name.startsWith(to));
  expect([first, last].every((index) => index >= 0)).toBe(true);
  const sum = rows.slice(first, last).reduce((total, row, index) => {
    if (index === 0 || row.name.startsWith('加')) return total + row.amount;
    return row.name.startsWith('减') ? total - row.amount : total;
  }, 0n);
  return { sum, printed: rows[last]?.amount ?? 0n };
}

const names = (sheet: Sheet, table = 0): string[] => (sheet.tables[table]?.rows ?? []).map((row) => row.cells[0] ?? '');

describe('定点医疗机构月度结算单', () => {
  it('has number, capitals, hash and who signed', () => {
    const sheet = monthSheet(month());
    expect(sheet.number).toBe('JS310-202610-H33110200001');
    expect(sheet.total).toEqual({ label: '应拨付', amount: '1,017,004.00', capital: '人民币壹佰零壹万柒仟零肆元整' });
    expect(sheet.verification).toBe(`JS310-202610-H33110200001|${HASH}`);
    expect(sheet.notes.at(-1)).toBe(`校验值（SHA-256）：${HASH}`);
    expect(sheet.signatures).toEqual([
      { role: '经办', name: '甲' },
      { role: '复核', name: '乙' },
      { role: '审批', name: '丙' },
    ]);
    expect(sheet.reservation).toBeUndefined();
  });

  it('says 试算，未结账 as long as there is no hash', () => {
    const sheet = monthSheet(month({ hash: null }));
    expect(sheet.reservation).toBe('试算，未结账');
    expect(sheet.notes.at(-1)).toContain('试算，未结账');
    expect(sheet.verification).toMatch(/\|TRIAL$/);
  });

  it('leaves out special lines without an amount and keeps those everybody looks for', () => {
    const usual = names(monthSheet(month()));
    expect(usual).toEqual(expect.arrayContaining(['减：质量保证金', '减：审核扣款', '减：冲抵上月结转']));
    expect(usual).not.toContain('加：预拨调整');
    const special = month({ amounts: { ...month().amounts, adjustment: parseYuan('-1.00') } });
    expect(names(monthSheet(special))).toContain('加：预拨调整');
  });

  it('adds the cells up', () => {
    const cell = { fund: 'hifp', accepted: 100n, suspended: 0n, asBilled: 10n, eligible: 90n, withheld: 5n } as const;
    const cells = (['inpatient', 'outpatient'] as const).map((category) => ({ ...cell, category }));
    const table = monthSheet(month({ cells: cells as unknown as MonthPaper['cells'] })).tables[1];
    expect(table?.rows.map((row) => row.cells)).toEqual([
      ['统筹基金', '住院', '1.00', '0.00', '0.10', '0.90', '0.05'],
      ['统筹基金', '普通门诊', '1.00', '0.00', '0.10', '0.90', '0.05'],
      ['合计', '', '2.00', '0.00', '0.20', '1.80', '0.10'],
    ]);
  });

  it('law: the printed lines, added and subtracted as they say, give the printed 应拨付', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 9n }).map(fen);
    const mode = fc.constantFrom('fixed', 'share-of-actual', 'actual-capped', 'prior-average');
    fc.assert(
      fc.property(mode, fc.tuple(amount, amount, amount, amount, amount, amount), (chosen, [a, b, c, d, e, f]) => {
        const result = computeAdvance({
          ...{
            providerId: 'p',
            mode: chosen,
            alpha: rate('0.9'),
            depositRate: rate('0.05'),
            account: b,
            deductions: c,
          },
          ...{ quota: d, cumulativeQuota: d, cumulativeEligibleBefore: ZERO_FEN, priorAverage: e, carryIn: f },
          ...{ recoverable: a, adjustments: [fen(e - c)] },
          cells: [
            {
              fund: 'hifp',
              category: 'inpatient',
              accepted: a,
              suspended: ZERO_FEN,
              special: ZERO_FEN,
              underBudget: true,
            },
            {
              fund: 'maf',
              category: 'inpatient',
              accepted: b,
              suspended: ZERO_FEN,
              special: ZERO_FEN,
              underBudget: false,
            },
          ],
        });
        const { deductions: deduction, adjusted: adjustment } = result;
        const amounts = { ...month().amounts, ...result, deduction, adjustment };
        const { sum, printed } = reckoned(monthSheet(month({ mode: chosen, amounts })).tables[0], '三、', '四、');
        expect(sum).toBe(printed);
        expect(printed).toBe(result.pay);
      }),
    );
  });
});

function clearing(over: Readonly<Record<string, string>>): ClearingPaper {
  const amounts = { ...zeros(CLEARING_AMOUNTS) };
  for (const [name, value] of Object.entries(over)) Object.assign(amounts, { [name]: parseYuan(value) });
  return {
    ...{
      issuer: '示例市医疗保障局',
      issuedOn: '2027-03-01',
      hash: HASH,
      provider: PROVIDER,
      scheme: '390',
      year: 2026,
    },
    ...{ budgetVersion: 1, policyVersion: 'p@1', amounts, trace: [], signers: SIGNERS },
  };
}

describe('年终清算通知书', () => {
  const over = {
    ...{
      accepted: '1000.00',
      refused: '50.00',
      borne: '100.00',
      payable: '850.00',
      account: '20.00',
      depositHeld: '40.00',
    },
    ...{ paid: '700.00', prepaid: '10.00', depositReturned: '40.00', poolShare: '1.00', balance: '161.00' },
    ...{ budget: '800.00', a: '950.00', extra: '60.00', penalty: '10.00' },
  };

  it('adds up from what was accepted to what is due', () => {
    const sheet = clearingLetter(clearing(over));
    expect(reckoned(sheet.tables[0], '申报基金支付', '基金应付')).toEqual({ sum: 85_000n, printed: 85_000n });
    expect(reckoned(sheet.tables[0], '基金应付', '应补付')).toEqual({ sum: 16_100n, printed: 16_100n });
    expect(sheet.total).toEqual({ label: '应补付', amount: '161.00', capital: '人民币壹佰陆拾壹元整' });
    expect(sheet.tables[1]?.rows[2]?.cells).toEqual(['超支', '150.00', '其中基金分担 60.00 元']);
  });

  it('an amount to be recovered is a positive sum under its own name', () => {
    const sheet = clearingLetter(clearing({ ...over, paid: '900.00', balance: '-39.00' }));
    expect(sheet.total).toEqual({ label: '应收回', amount: '39.00', capital: '人民币叁拾玖元整' });
    expect(sheet.opening).toContain('应收回 39.00 元');
    expect(sheet.notes[0]).toContain('冲抵');
  });

  it('shows every step of the trace with its clause, subscripts as plain figures', () => {
    const both = (zh: string) => ({ zh, en: zh });
    const inputs = [{ name: both('段内金额'), value: '1234.50', unit: 'yuan' as const, source: both('上一步') }];
    const step = { code: 'band-1', label: both('超支第 1 段'), formula: both('r₁ × 段内超支'), inputs };
    const trace = [{ ...step, result: '1000.00', unit: 'yuan' as const, clause: both('办法第二十条') }];
    expect(clearingLetter({ ...clearing(over), trace }).tables[2]?.rows[0]?.cells).toEqual([
      '超支第 1 段',
      'r1 × 段内超支\n段内金额 1,234.50',
      '1,000.00',
      '办法第二十条',
    ]);
  });
});

describe('付款凭证', () => {
  const paper = (over: Partial<VoucherPaper>): VoucherPaper => ({
    ...{ issuer: '示例市医疗保障局', issuedOn: '2026-11-05', hash: HASH, orderNo: 'M310-202610-0001', scheme: '310' },
    ...{ source: 'month', period: '2026-10', state: 'signed-off', providerName: PROVIDER.name, payeeName: '户名' },
    ...{ payeeBank: '示例银行', payeeAccount: '6200', amount: parseYuan('107000.53'), prepayment: ZERO_FEN },
    ...{ preparedBy: '甲', reviewedBy: '乙', approvedBy: '丙', signedBy: '丙', sentOn: null, paidOn: null },
    ...{ bankReference: null, returnReason: null, ...over },
  });

  it('has payee, figures, capitals, number and signers', () => {
    const sheet = voucher(paper({}));
    expect(sheet.total?.capital).toBe('人民币壹拾万柒仟元零伍角叁分');
    expect(sheet.number).toBe('M310-202610-0001');
    expect(sheet.facts).toContainEqual({ label: '收款账号', value: '6200' });
    expect(sheet.signatures.map(({ name }) => name)).toEqual(['甲', '乙', '丙', '丙']);
    expect(sheet.reservation).toBeUndefined();
  });

  it.each(['prepared', 'reviewed', 'approved', 'returned'] as const)('warns on its face while %s', (state) => {
    expect(voucher(paper({ state })).reservation).toMatch(/不得付款|作废/);
  });

  it('names the clearing by its year and a prepayment by its amount', () => {
    const sheet = voucher(paper({ source: 'clearing', period: '2026-12', prepayment: parseYuan('5.00') }));
    expect(sheet.tables[0]?.rows[0]?.cells).toEqual([
      '职工基本医疗保险基金　2026 年年终清算拨付',
      '107,000.53',
      '其中周转预付 5.00 元',
    ]);
  });
});

describe('银行付款文件', () => {
  it('ends with count and sum; amounts are plain yuan text', () => {
    const order = { orderNo: 'M-1', payeeName: '户', payeeBank: '行', payeeAccount: '62', purpose: '用途' };
    const orders = ['1000.10', '0.05'].map((amount) => ({
      ...order,
      amount: parseYuan(amount),
      state: 'sent' as const,
    }));
    const rows = bankFileRows(orders);
    expect(rows.map((row) => row[5])).toEqual(['1000.10', '0.05', '1000.15']);
    expect(rows.at(-1)?.slice(0, 2)).toEqual(['合计 total', '2']);
    expect(bankFileRows([])).toEqual([['合计 total', '0', '', '', '', '0.00', 'CNY', '', '']]);
  });
});

describe('who signs', () => {
  it('only acts of the present round: what was given back signs nothing', () => {
    const act = (round: number, step: string, actorName: string) => ({ round, step, actorName });
    const acts = [act(1, 'submit', '甲'), act(1, 'review', '乙'), act(1, 'return', '丙'), act(2, 'submit', '丁')];
    expect(signersOf(acts, 2)).toEqual({ made: '丁', reviewed: '', approved: '' });
  });
});
