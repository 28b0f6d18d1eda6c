/** Reads a Dockerfile, as far as the checks need it. */

/**
 * @param {string} text a Dockerfile
 * @returns {{keyword: string, value: string}[]} its instructions, lines that go on in the next one joined
 */
export function instructionsOf(text) {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line.trim()))
    .filter((found) => found !== null)
    .map(([, keyword, value]) => ({ keyword, value: value.trim() }));
}
