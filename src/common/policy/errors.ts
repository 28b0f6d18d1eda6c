import { defineErrors } from '../errors/index.js';

export const policyErrors = defineErrors('policy', {
  unreadable: {
    kind: 'invalid',
    zh: '政策文件 {file} 读不出来：{reason}',
    en: 'The policy file {file} cannot be read: {reason}',
  },
  malformed: {
    kind: 'invalid',
    zh: '政策文件 {file} 不符合格式：{errors}',
    en: 'The policy file {file} does not have the required form: {errors}',
  },
  'unknown-base': {
    kind: 'invalid',
    zh: '政策文件 {file} 引用的上一版 {base} 不存在，或引用成了环。',
    en: 'The policy file {file} extends {base}, which does not exist or leads back to itself.',
  },
  'duplicate-id': {
    kind: 'invalid',
    zh: '政策编号 {id} 出现了两次：{file}',
    en: 'The policy id {id} is used twice: {file}',
  },
});
