import { defineErrors } from '../../common/errors/index.js';

export const importErrors = defineErrors('discharge-import', {
  'not-found': {
    kind: 'not-found',
    zh: '没有这次导入，或者它不在您的数据范围内。',
    en: 'There is no such import, or it lies outside your scope.',
  },
  'no-file': {
    kind: 'invalid',
    zh: '请以 multipart/form-data 提交：字段 institutionId、month（YYYY-MM）在前，文件 file 在后。',
    en: 'Send multipart/form-data: the fields institutionId and month (YYYY-MM) first, then the file.',
  },
  'future-month': {
    kind: 'invalid',
    zh: '月份 {month} 还没有开始。',
    en: 'Month {month} has not begun yet.',
  },
  'institution-not-found': {
    kind: 'not-found',
    zh: '没有这家定点机构：{institution}。',
    en: 'There is no such institution: {institution}.',
  },
  'month-closed': {
    kind: 'conflict',
    zh: '{month} 月份的 {scheme} 险种已经月结，不能再导入出院病例。',
    en: 'Month {month} of scheme {scheme} is closed and takes no discharges any more.',
  },
});
