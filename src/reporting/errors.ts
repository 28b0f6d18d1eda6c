import { defineErrors } from '../common/errors/index.js';

export const reportingErrors = defineErrors('reporting', {
  'years-reversed': {
    kind: 'invalid',
    zh: '起始年度晚于截止年度，请对调后再查询。',
    en: 'The first year is after the last one; exchange the two.',
  },
});
