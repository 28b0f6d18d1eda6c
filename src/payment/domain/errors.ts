import { defineErrors } from '../../common/errors/index.js';

/** Refusals of the payment room. */
export const paymentErrors = defineErrors('payment', {
  'no-policy': {
    kind: 'refused',
    zh: '{scheme} 险种在 {date} 没有生效的支付政策。',
    en: 'No payment policy is in force for scheme {scheme} on {date}.',
  },
  'policy-invalid': {
    kind: 'invalid',
    zh: '支付政策文件有误：{reason}',
    en: 'The payment policy is faulty: {reason}',
  },
  'wrong-state': {
    kind: 'conflict',
    zh: '当前状态为“{state}”，不能执行“{action}”。',
    en: 'The state is "{state}"; "{action}" is not possible.',
  },
  'budget-not-found': { kind: 'not-found', zh: '没有这个预算。', en: 'There is no such budget.' },
  'budget-exists': {
    kind: 'conflict',
    zh: '{year} 年已有预算，请用调整产生新版本。',
    en: 'There is a budget for {year} already; adjust it to make a new version.',
  },
  'budget-nothing-to-allocate': {
    kind: 'refused',
    zh: '可分配资金或参与分配的机构为零，不能编制预算。',
    en: 'There is nothing to allocate, or nobody to allocate it to.',
  },
  'budget-negotiated-exceeds': {
    kind: 'refused',
    zh: '“{group}”组的协商金额合计与组总额不符：超出总额，或全部协商但合计不等于总额。',
    en: 'The negotiated amounts of group "{group}" exceed its total, or are all negotiated without summing to it.',
  },
  'budget-provider-unknown': {
    kind: 'not-found',
    zh: '预算中没有这家机构。',
    en: 'The budget has no line for this provider.',
  },
  'no-budget-in-force': {
    kind: 'refused',
    zh: '{year} 年没有生效的预算，不能结算。',
    en: 'No budget of {year} is in force.',
  },
  'month-not-found': { kind: 'not-found', zh: '没有这个月结算。', en: 'There is no such month settlement.' },
  'month-line-not-found': {
    kind: 'not-found',
    zh: '月结算中没有这家机构。',
    en: 'The month settlement has no line for this provider.',
  },
  'month-not-over': {
    kind: 'refused',
    zh: '{month} 尚未结束，不能结账。',
    en: '{month} is not over yet.',
  },
  'month-closed': {
    kind: 'conflict',
    zh: '{month} 已结账，不能再变更；请在以后月份调整。',
    en: '{month} is closed and cannot change; correct it in a later month.',
  },
  'month-order': {
    kind: 'conflict',
    zh: '{month} 的上月 {previous} 尚未结账，请先结上月。',
    en: '{previous}, the month before {month}, is not closed yet.',
  },
  'month-changed-since-trial': {
    kind: 'conflict',
    zh: '试算以后又有结算单或扣款进入 {month}，请退回并重新试算。',
    en: 'Bills or deductions reached {month} after the trial; return it and run the trial again.',
  },
  'run-not-finished': {
    kind: 'conflict',
    zh: '试算尚未完成。',
    en: 'The trial has not finished.',
  },
  'budget-short-of-lines': {
    kind: 'refused',
    zh: '下列机构有纳入预算的费用但没有预算：{providers}',
    en: 'These providers have amounts under the budget but no budget: {providers}',
  },
  'deduction-not-found': { kind: 'not-found', zh: '没有这笔扣款。', en: 'There is no such deduction.' },
  'same-person': {
    kind: 'forbidden',
    zh: '经办与复核、审批必须由不同的人完成。',
    en: 'Making, reviewing and approving must be done by different persons.',
  },
  'assessment-missing': {
    kind: 'refused',
    zh: '下列机构尚未确认 {year} 年度考核：{providers}',
    en: 'These providers have no confirmed assessment of {year}: {providers}',
  },
  'assessment-not-found': { kind: 'not-found', zh: '没有这项考核。', en: 'There is no such assessment.' },
  'review-not-found': { kind: 'not-found', zh: '没有这个再入院审核项。', en: 'There is no such readmission review.' },
  'reviews-open': {
    kind: 'refused',
    zh: '{year} 年还有 {count} 个再入院审核项未处理。',
    en: '{count} readmission reviews of {year} are still open.',
  },
  'clearing-not-found': { kind: 'not-found', zh: '没有这个年度清算。', en: 'There is no such clearing.' },
  'clearing-line-not-found': {
    kind: 'not-found',
    zh: '清算中没有这家机构。',
    en: 'The clearing has no line for this provider.',
  },
  'clearing-months-open': {
    kind: 'refused',
    zh: '{year} 年下列月份尚未结账：{months}',
    en: 'These months of {year} are not closed: {months}',
  },
  'clearing-changed-since-trial': {
    kind: 'conflict',
    zh: '试算以后考核、再入院审核或预算有变化，请退回并重新试算。',
    en: 'Assessments, reviews or the budget changed after the trial; return it and run the trial again.',
  },
  'order-not-found': { kind: 'not-found', zh: '没有这张支付单。', en: 'There is no such payment order.' },
  'order-payee-missing': {
    kind: 'refused',
    zh: '机构 {provider} 没有收款账户。',
    en: 'Provider {provider} has no payee account.',
  },
  'amount-invalid': {
    kind: 'invalid',
    zh: '金额“{value}”不在允许范围内。',
    en: 'The amount "{value}" is out of range.',
  },
  'unknown-value': {
    kind: 'invalid',
    zh: '“{field}”的值“{value}”无效。',
    en: '"{value}" is not a value of {field}.',
  },
});
