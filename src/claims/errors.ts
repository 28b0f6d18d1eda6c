import { defineErrors } from '../common/errors/index.js';

/** Everything the claims room refuses, with the sentence for the person at the counter. */
export const claimsErrors = defineErrors('claims', {
  'settlement-not-found': {
    kind: 'not-found',
    zh: '没有这张结算单，或者它不在您的数据范围内。',
    en: 'There is no such settlement, or it lies outside your scope.',
  },
  'provider-not-found': {
    kind: 'not-found',
    zh: '没有这家定点机构，或者它不在您的数据范围内。',
    en: 'There is no such institution, or it lies outside your scope.',
  },
  'person-unknown': {
    kind: 'refused',
    zh: '参保人 {personId} 不存在：请先核对人员编号。',
    en: 'Person {personId} is not known: check the person id first.',
  },
  'person-not-covered': {
    kind: 'refused',
    zh: '参保人在 {date} 没有有效的基本医保参保关系，不能报销。',
    en: 'The person has no coverage on {date}; nothing can be reimbursed.',
  },
  'provider-closed': {
    kind: 'refused',
    zh: '定点机构已停业，不能结算。',
    en: 'The institution is closed and cannot settle.',
  },
  'provider-suspended': {
    kind: 'refused',
    zh: '定点机构的协议在 {date} 处于中止状态（{reason}），只有急诊抢救可以结算。',
    en: 'The agreement of the institution is suspended on {date} ({reason}); only emergency rescue can be settled.',
  },
  'unknown-items': {
    kind: 'refused',
    zh: '以下明细的项目编码不在目录内（行号：编码）：{items}。目录外自费项目请标明 outsideCatalogue。',
    en: 'These lines carry codes that are not in the catalogue (line: code): {items}. Mark items outside it as outsideCatalogue.',
  },
  'line-faults': {
    kind: 'invalid',
    zh: '账单有 {count} 处前后不一致，见 errors。',
    en: 'The bill contradicts itself in {count} places; see errors.',
  },
  'too-many-lines': {
    kind: 'invalid',
    zh: '一张账单最多 {limit} 行明细，收到 {count} 行：请按日期拆分中途结算。',
    en: 'A bill holds at most {limit} lines, got {count}: settle a long stay in parts.',
  },
  'month-closed': {
    kind: 'conflict',
    zh: '{month} 月份的 {scheme} 险种已经月结，不能再结算或冲销到该月。',
    en: 'Month {month} of scheme {scheme} is closed and takes no bill any more.',
  },
  'settled-on-out-of-range': {
    kind: 'invalid',
    zh: '日期须依次为：入院 {admittedOn} ≤ 出院 {dischargedOn} ≤ 结算 {settledOn} ≤ 今天 {today}，且不早于十二个月前。',
    en: 'Days must be in order: admitted {admittedOn} ≤ discharged {dischargedOn} ≤ settled {settledOn} ≤ today {today}, and no older than twelve months.',
  },
  'duplicate-bill': {
    kind: 'conflict',
    zh: '单据号 {billNo} 已经结算过（结算单 {settlementId}）；如需更正请先冲销。',
    en: 'Bill {billNo} was settled before (settlement {settlementId}); reverse that one first to correct it.',
  },
  'already-reversed': {
    kind: 'conflict',
    zh: '这张结算单已经冲销（冲销单 {reversalId}），不能再次冲销。',
    en: 'This settlement is reversed already (by {reversalId}).',
  },
  'reversal-cannot-be-reversed': {
    kind: 'conflict',
    zh: '冲销单本身不能再冲销：请重新结算。',
    en: 'A reversal cannot be reversed: settle the bill again instead.',
  },
  busy: {
    kind: 'unavailable',
    zh: '该参保人同时有太多账单在结算，请用同一个 Idempotency-Key 重试。',
    en: 'Too many bills of this person are being settled at once; repeat with the same Idempotency-Key.',
  },
});
