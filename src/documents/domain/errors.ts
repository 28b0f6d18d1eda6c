import { defineErrors } from '../../common/errors/index.js';

export const documentErrors = defineErrors('documents', {
  'missing-glyph': {
    kind: 'unavailable',
    zh: '字体缺少“{characters}”等字，无法打印；请在 FONT_DIR 中提供含这些字的字体（GB 18030-2022）。',
    en: 'The font has no glyph for {characters}, so nothing was printed; put a font that has them (GB 18030-2022) into FONT_DIR.',
  },
});
