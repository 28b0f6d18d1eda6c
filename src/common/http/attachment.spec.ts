import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attachment } from './attachment.js';

describe('the name of a file to be saved', () => {
  it('gives the true name in UTF-8 and a plain one beside it', () => {
    expect(attachment('结算单-1.pdf')).toBe(
      `attachment; filename="___-1.pdf"; filename*=UTF-8''%E7%BB%93%E7%AE%97%E5%8D%95-1.pdf`,
    );
  });

  it.each([
    ['a"; filename="evil.exe', `a%22%3B%20filename%3D%22evil.exe`],
    ['a\r\nSet-Cookie: x=1', 'a%0D%0ASet-Cookie%3A%20x%3D1'],
    ["it's (1)*.pdf", 'it%27s%20%281%29%2A.pdf'],
    ['M310-202610-0001/2.pdf', 'M310-202610-0001%2F2.pdf'],
  ])('%s cannot end the value', (name, encoded) => {
    expect(attachment(name).split(`filename*=UTF-8''`)[1]).toBe(encoded);
  });

  it('is one line of harmless ASCII whatever the name is', () => {
    const shape = /^attachment; filename="[A-Za-z0-9._-]*"; filename\*=UTF-8''([A-Za-z0-9._~!-]|%[0-9A-F]{2})*$/;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(attachment(name)).toMatch(shape);
      }),
    );
  });
});
