import { defineErrors } from '../errors/index.js';

export const jobErrors = defineErrors('jobs', {
  'not-found': {
    kind: 'not-found',
    zh: '没有这次作业运行。',
    en: 'There is no such run of a job.',
  },
  'unknown-kind': {
    kind: 'invalid',
    zh: '没有名为“{kind}”的作业。',
    en: 'There is no job of kind "{kind}".',
  },
  'not-by-hand': {
    kind: 'refused',
    zh: '作业“{kind}”不能在此手工启动，请从其业务页面发起。',
    en: 'A job of kind "{kind}" is not started here; start it from the page of its business.',
  },
  'bad-period': {
    kind: 'invalid',
    zh: '期间“{period}”应写成 YYYY、YYYY-MM 或 YYYY-MM-DD。',
    en: 'Period "{period}" must be written YYYY, YYYY-MM or YYYY-MM-DD.',
  },
});
