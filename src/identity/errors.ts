import { defineErrors } from '../common/errors/index.js';

export const identityErrors = defineErrors('identity', {
  'sign-in-refused': {
    kind: 'forbidden',
    zh: '用户名或密码不正确，或账户暂时锁定。',
    en: 'The user name or password is wrong, or the account is locked for a while.',
  },
  'token-invalid': {
    kind: 'forbidden',
    zh: '登录已失效，请重新登录。',
    en: 'The sign-in is no longer valid; sign in again.',
  },
  'refresh-refused': {
    kind: 'forbidden',
    zh: '刷新令牌无效或已使用，请重新登录。',
    en: 'The refresh token is not valid or was used before; sign in again.',
  },
  'password-weak': {
    kind: 'invalid',
    zh: '密码须为 12 至 128 个字符，不得是常用密码，也不得含有用户名。',
    en: 'A password has 12 to 128 characters, is not a common one and does not hold the user name.',
  },
  'password-wrong': { kind: 'refused', zh: '原密码不正确。', en: 'The present password is wrong.' },
  'password-change-first': { kind: 'forbidden', zh: '请先修改初始密码。', en: 'Change the initial password first.' },
  'user-not-found': { kind: 'not-found', zh: '没有找到该用户。', en: 'There is no such user.' },
  'username-taken': {
    kind: 'conflict',
    zh: '用户名“{username}”已被使用。',
    en: 'The user name "{username}" is taken.',
  },
  'role-unknown': { kind: 'invalid', zh: '没有角色“{role}”。', en: 'There is no role "{role}".' },
  'roles-exclusive': {
    kind: 'refused',
    zh: '角色“{one}”与“{other}”不得由同一人担任。',
    en: 'The roles "{one}" and "{other}" exclude each other.',
  },
  'own-roles': {
    kind: 'forbidden',
    zh: '不得修改自己的角色、状态或密码（重置）。',
    en: 'Nobody changes their own roles or state, or resets their own password.',
  },
  'provider-role': {
    kind: 'invalid',
    zh: '定点机构用户须且只能担任定点机构角色。',
    en: 'A user of a provider holds the provider role, and only such a user holds it.',
  },
  'area-outside': {
    kind: 'invalid',
    zh: '区划“{area}”不在本人管辖范围内。',
    en: 'The area "{area}" lies outside your own.',
  },
  'bootstrap-refused': {
    kind: 'forbidden',
    zh: '一次性令牌无效、已过期或已使用。',
    en: 'The one-time token is not valid, has expired or was used.',
  },
  'version-conflict': {
    kind: 'conflict',
    zh: '该用户已被他人修改，请刷新后重试。',
    en: 'The user was changed by someone else meanwhile; load it again.',
  },
});

export const idempotencyErrors = defineErrors('idempotency', {
  'key-missing': {
    kind: 'invalid',
    zh: '该操作须带 Idempotency-Key 请求头（1 至 200 个可见字符）。',
    en: 'This operation needs the header Idempotency-Key (1 to 200 visible characters).',
  },
  'body-differs': {
    kind: 'refused',
    zh: '该 Idempotency-Key 已用于内容不同的请求。',
    en: 'This Idempotency-Key was used with a different request.',
  },
  'in-progress': {
    kind: 'conflict',
    zh: '同一 Idempotency-Key 的请求尚未处理完毕，请稍后以同一 Idempotency-Key 重试；若一直如此，请先核对结果。',
    en: 'The request with this Idempotency-Key has not ended; repeat it with the same key later, and if this stays so look at the outcome first.',
  },
});
