import { defineErrors } from '../../common/errors/index.js';

export const providersErrors = defineErrors('providers', {
  'institution-not-found': {
    kind: 'not-found',
    zh: '没有找到该定点医药机构。',
    en: 'The institution was not found.',
  },
  'institution-exists': {
    kind: 'conflict',
    zh: '国家编码 {code12} 已登记，机构编号为 {existingId}。',
    en: 'National code {code12} is registered already, as institution {existingId}.',
  },
  'department-exists': {
    kind: 'conflict',
    zh: '该机构已有编码为 {code} 的科室。',
    en: 'The institution has a department {code} already.',
  },
  'privilege-overlaps': {
    kind: 'conflict',
    zh: '该医师在该机构这段时间已有医保支付资格。',
    en: 'The physician holds a privilege at this institution in this span already.',
  },
  'department-not-found': {
    kind: 'not-found',
    zh: '该机构没有这个科室。',
    en: 'The institution has no such department.',
  },
  'agreement-not-found': {
    kind: 'not-found',
    zh: '没有找到该服务协议。',
    en: 'The agreement was not found.',
  },
  'agreement-exists': {
    kind: 'conflict',
    zh: '协议编号 {agreementNo} 已登记。',
    en: 'Agreement number {agreementNo} is registered already.',
  },
  'agreement-overlaps': {
    kind: 'conflict',
    zh: '该机构在这段时间已有生效的服务协议。',
    en: 'The institution has an agreement in force in this span already.',
  },
  'suspension-overlaps': {
    kind: 'conflict',
    zh: '该机构在这段时间已处于中止期。',
    en: 'The institution is suspended in this span already.',
  },
  'illegal-step': {
    kind: 'conflict',
    zh: '协议处于“{state}”状态，不能执行“{step}”。',
    en: 'An agreement in state {state} does not allow the step {step}.',
  },
  'same-person': {
    kind: 'forbidden',
    zh: '起草协议的人不能签署该协议。',
    en: 'Who drafted an agreement does not sign it.',
  },
  'bad-period': {
    kind: 'invalid',
    zh: '止日必须在起日之后。',
    en: 'The end must be after the first day.',
  },
  'suspension-too-long': {
    kind: 'invalid',
    zh: '中止期最长 {days} 天。',
    en: 'A suspension lasts {days} days at most.',
  },
  'outside-agreement': {
    kind: 'invalid',
    zh: '日期须在协议期 {from} 至 {to} 之内。',
    en: 'The day must lie within the agreement, {from} to {to}.',
  },
});
