import { defineErrors } from '../common/errors/index.js';

export const auditRoomErrors = defineErrors('audit', {
  'export-too-large': {
    kind: 'refused',
    zh: '符合条件的记录超过 {limit} 条，请缩小时间范围或增加条件后再导出。',
    en: 'More than {limit} events fit; narrow the time or add a filter before exporting.',
  },
  'month-too-young': {
    kind: 'refused',
    zh: '{month} 距今不足 {months} 个完整月份，依法须在线保存，不能归档。',
    en: '{month} is younger than {months} whole months; the law wants it kept, so it cannot be archived.',
  },
  'month-not-sound': {
    kind: 'refused',
    zh: '{month} 未通过核验或尚未全部入链，不能归档；请先运行 audit-verify 查明原因。',
    en: '{month} does not verify or is not chained yet, so it cannot be archived; run audit-verify and find out why.',
  },
  'anchor-not-found': { kind: 'not-found', zh: '没有该锚点。', en: 'There is no such anchor.' },
  'nothing-chained': {
    kind: 'conflict',
    zh: '尚无记录入链，暂不能生成锚点，请稍后再试。',
    en: 'Nothing was chained yet, so there is nothing to anchor; try again in a minute.',
  },
});
