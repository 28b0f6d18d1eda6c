import { defineErrors } from '../errors/index.js';

export const cryptoErrors = defineErrors('crypto', {
  tampered: {
    kind: 'unavailable',
    zh: '加密数据未通过完整性校验，已拒绝使用并告警；请提供追踪号 traceId。',
    en: 'Encrypted data failed the integrity check; they were refused and an alarm was raised. Quote the traceId.',
  },
});
