import { defineErrors } from '../common/errors/index.js';

export const catalogueErrors = defineErrors('catalogue', {
  'unknown-area': {
    kind: 'invalid',
    zh: '区划代码 {code} 不在本统筹区的区划树中。',
    en: 'Area {code} is not in the area tree of this pool.',
  },
  'item-not-found': {
    kind: 'not-found',
    zh: '目录中没有编码 {code}。',
    en: 'The catalogue has no item {code}.',
  },
});
