import { defineErrors } from '../common/errors/index.js';

export const ledgerErrors = defineErrors('ledger', {
  'period-closed': {
    kind: 'refused',
    zh: '{period} 账期（险种 {scheme}）已结账，不能再记账；更正请记入开放的账期。',
    en: 'Period {period} of scheme {scheme} is closed and takes no posting; post a correction into an open period.',
  },
  'period-not-over': {
    kind: 'refused',
    zh: '{period} 尚未结束，不能结账。',
    en: 'Period {period} is not over yet and cannot be closed.',
  },
  'already-posted': {
    kind: 'conflict',
    zh: '业务事项 {sourceKind} {sourceId} 已经记过账。',
    en: 'The event {sourceKind} {sourceId} was posted already.',
  },
  'empty-journal': {
    kind: 'invalid',
    zh: '凭证没有任何金额大于零的分录。',
    en: 'The journal has no line with an amount above zero.',
  },
  'bad-line': {
    kind: 'invalid',
    zh: '第 {line} 条分录不能记账：{reason}。',
    en: 'Line {line} cannot be posted: {reason}.',
  },
  'no-such-month': {
    kind: 'invalid',
    zh: '账册中没有 {period} 这个月份。',
    en: 'The books have no month {period}.',
  },
  'not-found': {
    kind: 'not-found',
    zh: '没有这张凭证。',
    en: 'There is no such journal.',
  },
});
