import { defineErrors } from '../common/errors/index.js';

export const auditRoomErrors = defineErrors('audit', {
  'export-too-large': {
    kind: 'refused',
    zh: '符合条件的记录超过 {limit} 条，请缩小时间范围或增加条件后再导出。',
    en: 'More than {limit} events fit; narrow the time or add a filter before exporting.',
  },
  'anchor-not-found': { kind: 'not-found', zh: '没有该锚点。', en: 'There is no such anchor.' },
  'nothing-chained': {
    kind: 'conflict',
    zh: '尚无记录入链，暂不能生成锚点，请稍后再试。',
    en: 'Nothing was chained yet, so there is nothing to anchor; try again in a minute.',
  },
});
