/** Chance that can be repeated: the same seed draws the same (mulberry32). */

/** @returns {{roll: (sides: number) => number, pick: <T>(from: readonly T[]) => T, fork: () => ReturnType<typeof diceOf>}} */
export function diceOf(seed) {
  let state = seed | 0;
  const roll = (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
  return { roll, pick: (from) => from[roll(from.length)], fork: () => diceOf(roll(0x7fffffff)) };
}
