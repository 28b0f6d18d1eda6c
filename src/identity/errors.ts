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
  'password-change-first': {
    kind: 'forbidden',
    zh: '密码已到期或为初始密码，请先修改密码。',
    en: 'The password has expired or is an initial one; change it first.',
  },
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
    zh: '不得申请或确认本人的角色、状态变更和凭据重置；请由其他管理员办理。',
    en: 'Nobody asks for or confirms a change of their own roles, state or credentials; another administrator must.',
  },
  'same-person': {
    kind: 'forbidden',
    zh: '申请人不能确认自己的申请；请由另一名管理员或审批人确认。',
    en: 'Whoever asked cannot confirm; another administrator or approver must.',
  },
  'not-requester': {
    kind: 'forbidden',
    zh: '只有申请人本人可以撤回。',
    en: 'Only who asked can withdraw.',
  },
  'grant-beyond-own': {
    kind: 'forbidden',
    zh: '“{right}”超出您可授予或确认的范围。',
    en: '"{right}" lies beyond what you may give or confirm.',
  },
  'role-change-open': {
    kind: 'conflict',
    zh: '该用户已有一项待确认的授权变更；请先确认、退回或撤回。',
    en: 'A change of this user’s roles is waiting already; confirm, refuse or withdraw it first.',
  },
  'role-change-not-found': { kind: 'not-found', zh: '没有找到该授权变更。', en: 'There is no such change of roles.' },
  'role-change-decided': {
    kind: 'conflict',
    zh: '该授权变更已办结（{state}）。',
    en: 'This change of roles was decided already ({state}).',
  },
  'last-administrator': {
    kind: 'refused',
    zh: '这是最后一名在用的“{role}”；请先增设另一名，再停用或变更。',
    en: 'This is the last active holder of "{role}"; appoint another one first.',
  },
  'reset-not-found': { kind: 'not-found', zh: '没有找到该凭据重置。', en: 'There is no such reset.' },
  'reset-ended': {
    kind: 'conflict',
    zh: '该凭据重置已确认、已使用、已取消或已过期；请由系统管理员重新发起。',
    en: 'This reset was confirmed, used, cancelled or has expired; the system administrator starts a new one.',
  },
  'activation-refused': {
    kind: 'forbidden',
    zh: '用户名、启用码或确认码不正确或已过期。连错五次后须由系统管理员重新发起。',
    en: 'The user name or a code is wrong or has expired. After five wrong tries the system administrator starts anew.',
  },
  'second-factor-first': {
    kind: 'forbidden',
    zh: '请先绑定身份验证器（动态验证码），再办理业务。',
    en: 'Set up your authenticator app first; nothing else is possible before that.',
  },
  'challenge-refused': {
    kind: 'forbidden',
    zh: '验证已超时，请重新输入用户名和密码。',
    en: 'The time for the code is over; enter user name and password again.',
  },
  'code-refused': {
    kind: 'forbidden',
    zh: '验证码不正确或已使用，或账户暂时锁定；请等待下一个验证码。',
    en: 'The code is wrong or was used, or the account is locked for a while; wait for the next code.',
  },
  'code-wrong': {
    kind: 'refused',
    zh: '验证码不正确；请核对手机时间后输入当前的 6 位验证码。',
    en: 'The code is wrong; check the clock of the phone and enter the present six digits.',
  },
  'proof-wrong': {
    kind: 'refused',
    zh: '验证未通过：密码或验证码不正确、验证码已使用，或账户暂时锁定。',
    en: 'The proof failed: password or code are wrong, the code was used, or the account is locked for a while.',
  },
  'step-up-required': {
    kind: 'forbidden',
    zh: '该操作要求在 {withinMinutes} 分钟内验证过本人身份；请再次输入密码或验证码后重试。',
    en: 'This needs a proof of identity not older than {withinMinutes} minutes; give password or code again and retry.',
  },
  'enrolment-missing': {
    kind: 'refused',
    zh: '没有待确认的绑定，或已超过 15 分钟；请重新开始绑定。',
    en: 'There is no enrolment to confirm, or it is older than 15 minutes; start again.',
  },
  'no-second-factor': { kind: 'refused', zh: '尚未绑定身份验证器。', en: 'No authenticator app is set up.' },
  'password-same': {
    kind: 'invalid',
    zh: '新密码不得与当前密码相同。',
    en: 'The new password must differ from the present one.',
  },
  'session-not-found': { kind: 'not-found', zh: '没有找到该会话。', en: 'There is no such session.' },
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
