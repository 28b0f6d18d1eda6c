import { defineErrors, DomainError, type ErrorDefinition, type ErrorDetails } from '../errors/index.js';

/** A refusal of the transport itself, whose status the kinds of `DomainError` cannot express (401, 405, 413, 415, 429 …). */
export class HttpError extends DomainError {
  constructor(
    definition: ErrorDefinition,
    readonly status: number,
    details: ErrorDetails = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(definition, details);
    this.name = 'HttpError';
  }
}

export const httpErrors = defineErrors('http', {
  'malformed-json': {
    kind: 'invalid',
    zh: '请求体不是合法的 JSON：{reason}。',
    en: 'The body is not valid JSON: {reason}.',
  },
  'not-utf8': { kind: 'invalid', zh: '请求体不是合法的 UTF-8 文本。', en: 'The body is not valid UTF-8 text.' },
  'json-duplicate-key': {
    kind: 'invalid',
    zh: 'JSON 中字段“{key}”重复。',
    en: 'The JSON holds the field "{key}" twice.',
  },
  'json-bad-character': {
    kind: 'invalid',
    zh: 'JSON 文本含有 NUL 字符或不成对的代理码。',
    en: 'A JSON text holds a NUL character or a lone surrogate.',
  },
  'json-number': {
    kind: 'invalid',
    zh: '数字“{value}”无法精确表示，请以文本传递。',
    en: 'The number {value} cannot be kept exactly; send it as text.',
  },
  'json-too-deep': {
    kind: 'invalid',
    zh: 'JSON 嵌套超过 {limit} 层。',
    en: 'The JSON is nested deeper than {limit} levels.',
  },
  'json-too-many': {
    kind: 'invalid',
    zh: '一个数组或对象中的元素超过 {limit} 个。',
    en: 'An array or object holds more than {limit} entries.',
  },
  'body-too-large': { kind: 'invalid', zh: '请求体过大。', en: 'The body is too large.' },
  'media-type': {
    kind: 'invalid',
    zh: '不支持的内容类型，请使用 application/json（UTF-8）。',
    en: 'Unsupported content type; use application/json in UTF-8.',
  },
  'bad-request': { kind: 'invalid', zh: '请求不合法。', en: 'The request is not valid.' },
  'malformed-form': {
    kind: 'invalid',
    zh: '上传的表单（multipart/form-data）不完整或不合法。',
    en: 'The multipart form is incomplete or not valid.',
  },
  'bad-url': { kind: 'invalid', zh: '网址编码不合法。', en: 'The URL is not encoded correctly.' },
  invalid: {
    kind: 'invalid',
    zh: '有 {count} 处输入不合规定，见 errors。',
    en: '{count} inputs are not valid, see errors.',
  },
  'bad-cursor': { kind: 'invalid', zh: '分页游标不合法。', en: 'The page cursor is not valid.' },
  'no-route': { kind: 'not-found', zh: '没有这个接口。', en: 'There is no such endpoint.' },
  'not-found': { kind: 'not-found', zh: '没有找到所要的资源。', en: 'The resource was not found.' },
  'method-not-allowed': {
    kind: 'invalid',
    zh: '该地址只接受 {allow}。',
    en: 'This address accepts {allow} only.',
  },
  forbidden: { kind: 'forbidden', zh: '没有权限执行该操作。', en: 'You are not permitted to do this.' },
  unauthenticated: { kind: 'forbidden', zh: '请先登录。', en: 'Sign in first.' },
  'too-many-requests': { kind: 'refused', zh: '请求过于频繁，请稍后再试。', en: 'Too many requests; try again later.' },
  unavailable: {
    kind: 'unavailable',
    zh: '系统暂时不可用，请稍后再试。',
    en: 'The system is unavailable for the moment; try again.',
  },
  internal: {
    kind: 'unavailable',
    zh: '系统内部错误，已记录；请提供追踪号 traceId。',
    en: 'An internal error was recorded; quote the traceId.',
  },
});
