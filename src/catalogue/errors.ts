import { defineErrors } from '../common/errors/index.js';

export const catalogueErrors = defineErrors('catalogue', {
  'unknown-area': {
    kind: 'invalid',
    zh: '区划代码 {code} 不在本统筹区的区划树中。',
    en: 'Area {code} is not in the area tree of this pool.',
  },
});
