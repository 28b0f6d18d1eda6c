import type { TraceCode } from './types.js';

/** What `explain` says for each step; placeholders are facts of the step. */
export const SENTENCES: Readonly<Record<TraceCode, { readonly zh: string; readonly en: string }>> = {
  lines: {
    zh: '医疗费总额{base}元：全自费{ownpay}元，超限价自费{overlimit}元，先行自付{preselfpay}元，符合政策范围{amount}元',
    en: 'Bill of {base}: own-pay {ownpay}, over the price ceiling {overlimit}, paid first {preselfpay}, in scope {amount}',
  },
  'refused-by-review': {
    zh: '审核不予支付{amount}元，计入全自费',
    en: 'The review refused {amount}, which is outside the scheme',
  },
  'hospital-bears': {
    zh: '按规定由医疗机构承担{amount}元，不向参保人收取',
    en: 'The hospital bears {amount} by the rule and may not charge it to the person',
  },
  'out-of-area-share': {
    zh: '{place}就医或未按规定转诊，政策范围内{base}元先由个人自付{ratio}，即{amount}元',
    en: 'Care {place} or without referral: {ratio} of the in-scope amount of {base} is paid first, {amount}',
  },
  'out-of-area-cut': {
    zh: '{place}就医或未按规定转诊，统筹支付比例下调{ratio}',
    en: 'Care {place} or without referral: the pooled ratio falls by {ratio}',
  },
  'emergency-exception': {
    zh: '急诊抢救，不降低待遇',
    en: 'Emergency rescue: no reduction',
  },
  deductible: {
    zh: '{level}医疗机构本年第{ordinal}次住院，起付线应计{due}元，本次计入{amount}元',
    en: 'Admission no. {ordinal} of the year, {level} provider: deductible due {due}, charged {amount}',
  },
  'deductible-outpatient': {
    zh: '{level}医疗机构门诊年度起付线尚差{due}元，本次计入{amount}元',
    en: 'Yearly outpatient deductible at a {level} provider still open {due}, charged {amount}',
  },
  tier: {
    zh: '{plan}{band}：{base}元按{ratio}支付，统筹基金支付{amount}元',
    en: '{plan}{band}: {ratio} of {base}, the pool pays {amount}',
  },
  'per-visit-limit': {
    zh: '{plan}达到单次支付限额{limit}元，其余{base}元统筹基金不再支付',
    en: '{plan}: the limit per visit of {limit} is reached, {base} is left without pool payment',
  },
  'plan-limit': {
    zh: '{plan}本年支付限额余{limit}元已用完，其余{base}元统筹基金不再支付',
    en: '{plan}: the {limit} left of the yearly limit is used up, {base} is left without pool payment',
  },
  'pool-ceiling': {
    zh: '统筹基金支付{amount}元后达到年度最高支付限额，超出部分政策范围内费用{base}元',
    en: 'With {amount} the pool reaches its yearly ceiling; {base} in scope lies beyond it',
  },
  'large-amount': {
    zh: '超过统筹限额的{base}元按{ratio}由职工大额补助支付{amount}元',
    en: 'Large-amount subsidy: {ratio} of the {base} beyond the ceiling, {amount}',
  },
  'catastrophic-burden': {
    zh: '本次计入大病保险的个人负担{amount}元，年度累计{base}元，起付标准{threshold}元',
    en: 'Burden counted for catastrophic insurance {amount}, in the year {base}, threshold {threshold}',
  },
  'catastrophic-tier': {
    zh: '大病保险{band}：{base}元按{ratio}支付{amount}元',
    en: 'Catastrophic insurance{band}: {ratio} of {base}, {amount}',
  },
  'catastrophic-cap': {
    zh: '大病保险达到年度封顶线，其余{base}元不再支付',
    en: 'The yearly cap of the catastrophic insurance is reached, {base} is left unpaid',
  },
  'civil-servant': {
    zh: '公务员医疗补助：{base}元按{ratio}支付{amount}元',
    en: 'Civil-servant subsidy: {ratio} of {base}, {amount}',
  },
  'employer-supplement': {
    zh: '企业补充医疗保险：{base}元按{ratio}支付{amount}元',
    en: 'Employer supplement: {ratio} of {base}, {amount}',
  },
  assistance: {
    zh: '医疗救助：政策范围内剩余{base}元按{ratio}救助{amount}元',
    en: 'Medical assistance: {ratio} of the in-scope remainder of {base}, {amount}',
  },
  independent: {
    zh: '{plan}独立核算：统筹基金支付{amount}元，不纳入总额预算和病种结算',
    en: '{plan} is settled independently: {amount} of the pool lies outside every payment method',
  },
  account: {
    zh: '个人账户可支付范围{base}元，个人账户支付{amount}元',
    en: 'Personal account: of {base} that it may pay, it pays {amount}',
  },
  cash: {
    zh: '个人负担{base}元，其中现金支付{amount}元',
    en: 'The person bears {base}, of which {amount} in cash',
  },
};
