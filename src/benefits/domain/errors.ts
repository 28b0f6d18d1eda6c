import { defineErrors } from '../../common/errors/index.js';

/** What the engine itself refuses: input that no policy can settle. */
export const benefitErrors = defineErrors('benefits', {
  'bad-line': {
    kind: 'invalid',
    zh: '第{lineNo}行费用明细不可结算：{reason}',
    en: 'Line {lineNo} of the bill cannot be settled: {reason}',
  },
  'repeated-line': {
    kind: 'invalid',
    zh: '第{lineNo}行费用明细出现了两次，同一行不得结算两次。',
    en: 'Line {lineNo} of the bill is there twice; a line is settled once.',
  },
  'no-lines': {
    kind: 'invalid',
    zh: '没有费用明细，不能结算。',
    en: 'There is nothing to settle: the bill has no lines.',
  },
  'other-scheme': {
    kind: 'invalid',
    zh: '险种{scheme}不能按政策{policy}结算。',
    en: 'A bill of scheme {scheme} cannot be settled by the policy {policy}.',
  },
  'not-in-force': {
    kind: 'invalid',
    zh: '政策{policy}在{date}不生效。',
    en: 'The policy {policy} is not in force on {date}.',
  },
  'no-plan': {
    kind: 'refused',
    zh: '政策{policy}没有这一类就诊（{category}，病种{chronicCode}）的待遇。',
    en: 'The policy {policy} has no benefit for this kind of visit ({category}, disease {chronicCode}).',
  },
  'referral-required': {
    kind: 'refused',
    zh: '未按规定转诊或备案，不予支付（{clause}）。',
    en: 'No referral or filing as required: not payable ({clause}).',
  },
  'no-policy': {
    kind: 'refused',
    zh: '{region}险种{scheme}在{date}没有生效的待遇政策。',
    en: 'No benefit policy of {region}, scheme {scheme}, is in force on {date}.',
  },
  overlap: {
    kind: 'invalid',
    zh: '待遇政策{first}与{second}的生效期重叠。',
    en: 'The benefit policies {first} and {second} overlap in time.',
  },
  'unknown-version': {
    kind: 'not-found',
    zh: '没有待遇政策版本{version}。',
    en: 'There is no benefit policy version {version}.',
  },
});
