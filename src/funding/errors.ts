import { defineErrors } from '../common/errors/index.js';

export const fundingErrors = defineErrors('funding', {
  'not-found': {
    kind: 'not-found',
    zh: '没有这一项基金收入。',
    en: 'There is no such income of the fund.',
  },
  'bad-tier': {
    kind: 'invalid',
    zh: '财政补贴须注明层级（中央、省、市、县），其他收入没有层级。',
    en: 'A subsidy names its tier (central, province, prefecture, county); other income has none.',
  },
  'version-changed': {
    kind: 'conflict',
    zh: '这一项预测已被他人修改，请重新读取。',
    en: 'This forecast was changed by somebody else; read it again.',
  },
  'reference-used': {
    kind: 'conflict',
    zh: '凭据号“{reference}”已经登记过。',
    en: 'Reference "{reference}" was recorded already.',
  },
  'nothing-received': {
    kind: 'invalid',
    zh: '金额必须大于零。',
    en: 'The amount must be above zero.',
  },
  'future-day': {
    kind: 'invalid',
    zh: '日期 {day} 在未来。',
    en: 'Day {day} lies in the future.',
  },
  'bad-path': {
    kind: 'invalid',
    zh: '资金只能由收入户上解财政专户、由财政专户拨入支出户，或由支出户退回财政专户。',
    en: 'Money moves from the income to the fiscal account, from there to the expenditure account, or back from it.',
  },
  'not-enough': {
    kind: 'refused',
    zh: '账户 {account} 余额 {available} 元，不足以划转 {amount} 元。',
    en: 'Account {account} holds {available} yuan, not enough to move {amount}.',
  },
});
