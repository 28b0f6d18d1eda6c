import { defineErrors } from '../../common/errors/index.js';

export const enrollmentErrors = defineErrors('enrollment', {
  'bad-id-number': {
    kind: 'invalid',
    zh: '证件号码不正确：{zh}。',
    en: 'The identity number is not valid: {en}.',
  },
  'bad-name': {
    kind: 'invalid',
    zh: '姓名不能为空、不能含控制字符，最多 {max} 个字。',
    en: 'A name must not be empty or hold control characters, and has at most {max} characters.',
  },
  'bad-mark': {
    kind: 'invalid',
    zh: '身份标识“{mark}”不在字典中。',
    en: 'The identity mark "{mark}" is not in the dictionary.',
  },
  'bad-period': {
    kind: 'invalid',
    zh: '止日必须在起日之后。',
    en: 'The end must be after the first day.',
  },
  'wrong-insured-type': {
    kind: 'invalid',
    zh: '参保身份 {insuredType} 不属于险种 {scheme}。',
    en: 'Insured type {insuredType} does not belong to scheme {scheme}.',
  },
  'benefits-before-coverage': {
    kind: 'invalid',
    zh: '待遇享受开始日不能早于参保日 {from}。',
    en: 'Benefits cannot start before the first day of coverage {from}.',
  },
  'search-too-short': {
    kind: 'invalid',
    zh: '请给出姓名或证件号码。',
    en: 'Give a name or an identity number.',
  },
  'person-exists': {
    kind: 'conflict',
    zh: '该证件号码已登记，个人编号为 {existingId}。',
    en: 'This identity number is registered already, as person {existingId}.',
  },
  'coverage-overlaps': {
    kind: 'conflict',
    zh: '该参保人在这段时间已有参保关系，同一时间只能参加一个险种。',
    en: 'The person is covered already in this span; a person is in one scheme at a time.',
  },
  'mark-overlaps': {
    kind: 'conflict',
    zh: '该身份标识在这段时间已登记。',
    en: 'This identity mark is registered already in this span.',
  },
  'person-not-found': {
    kind: 'not-found',
    zh: '没有找到该参保人。',
    en: 'The person was not found.',
  },
  'coverage-not-found': {
    kind: 'not-found',
    zh: '没有找到该参保关系。',
    en: 'The coverage was not found.',
  },
});
