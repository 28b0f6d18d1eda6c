import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ACCOUNT_LIMIT, addressKey, attempt, refunded, type ThrottleState } from './throttle-rule.js';

const MINUTE = 60_000;
const T0 = 1_800_000_000_000;

/** Plays attempts at given minutes; `right` ones are taken back. */
function play(tries: readonly { minute: number; right?: boolean }[]): boolean[] {
  let state: ThrottleState | undefined;
  return tries.map(({ minute, right = false }) => {
    const found = attempt(state, ACCOUNT_LIMIT, T0 + minute * MINUTE);
    state = found.allowed && right ? refunded(found.next) : found.next;
    return found.allowed;
  });
}

describe('the throttle of an account', () => {
  it.each([
    ['five wrong ones, the sixth is not looked at', [0, 0, 0, 0, 0, 0], [true, true, true, true, true, false]],
    ['after a quarter of an hour it goes on', [0, 0, 0, 0, 0, 14, 15], [true, true, true, true, true, false, true]],
    [
      'tries during the rest do not prolong it',
      [0, 0, 0, 0, 0, 5, 10, 15],
      [true, true, true, true, true, false, false, true],
    ],
    [
      'after a rest five more',
      [0, 0, 0, 0, 0, 15, 15, 15, 15, 15, 15],
      [true, true, true, true, true, true, true, true, true, true, false],
    ],
    ['four in a day do not lock the next day', [0, 0, 0, 0, 1440, 1441], [true, true, true, true, true, true]],
  ])('%s', (_name, minutes, allowed) => {
    expect(play(minutes.map((minute) => ({ minute })))).toEqual(allowed);
  });

  it('lets no more than five wrong ones into any quarter of an hour, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 60 }), (minutes) => {
        const sorted = [...minutes].sort((a, b) => a - b);
        const allowed = play(sorted.map((minute) => ({ minute })));
        const passed = sorted.filter((_minute, index) => allowed[index]);
        const runs = passed.filter(
          (from, index) => passed[index + 5] !== undefined && (passed[index + 5] ?? 0) - from < 15,
        );
        expect(runs).toEqual([]);
      }),
    );
  });

  it('never stops who is always right', () => {
    const right = Array.from({ length: 100 }, () => ({ minute: 0, right: true }));
    expect(play(right).every(Boolean)).toBe(true);
  });
});

describe('what counts as one address', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s → %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
