import { defineErrors } from '../common/errors/index.js';

export const approvalErrors = defineErrors('approvals', {
  'same-person': {
    kind: 'forbidden',
    zh: '您在本轮审批中已经办理过一个环节；经办、复核、审批须由不同的人办理。',
    en: 'You already acted in this round; each step must be taken by a different person.',
  },
  'step-taken': {
    kind: 'conflict',
    zh: '本轮的“{step}”环节已由 {by} 办理。',
    en: 'Step "{step}" of this round was already taken by {by}.',
  },
  'out-of-order': {
    kind: 'refused',
    zh: '现在不能办理“{step}”：上一环节是“{last}”。',
    en: 'Step "{step}" cannot be taken now: the last step was "{last}".',
  },
  'round-over': {
    kind: 'refused',
    zh: '本轮已退回，请重新提交。',
    en: 'This round was returned; submit it again.',
  },
  'opinion-missing': {
    kind: 'invalid',
    zh: '退回时必须说明理由。',
    en: 'A return needs a reason.',
  },
});
