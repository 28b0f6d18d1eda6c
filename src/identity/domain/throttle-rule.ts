/** What is remembered of failed sign-ins of an account or an address; times in milliseconds of the epoch. */
export interface ThrottleState {
  readonly failures: number;
  readonly windowFromMs: number;
  readonly lockedUntilMs: number | null;
}

/** How many failures within which time, and how long is rested after them. */
export interface ThrottleLimit {
  readonly failures: number;
  readonly windowMs: number;
  readonly restMs: number;
}

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;

/** Five wrong proofs for an account (ASVS 6.3.1), then a quarter of an hour of rest. */
export const ACCOUNT_LIMIT: ThrottleLimit = { failures: 5, windowMs: 24 * 60 * MINUTE_MS, restMs: QUARTER_MS };
/** One password tried on many accounts: failures of one address, whoever they name. */
export const ADDRESS_LIMIT: ThrottleLimit = { failures: 100, windowMs: QUARTER_MS, restMs: QUARTER_MS };

/** What an attempt finds and what is remembered after it. */
export interface Attempt {
  readonly allowed: boolean;
  /** Whether this attempt used the last try up, so that a rest begins unless it proves right. */
  readonly locks: boolean;
  readonly next: ThrottleState;
}

/**
 * Counts an attempt before its outcome is known, so that many at once cannot overtake the count. During a rest nothing is
 * counted: trying on does not prolong it.
 */
export function attempt(state: ThrottleState | undefined, limit: ThrottleLimit, nowMs: number): Attempt {
  if (state?.lockedUntilMs != null) {
    if (state.lockedUntilMs > nowMs) return { allowed: false, locks: false, next: state };
    return counted({ failures: 0, windowFromMs: nowMs, lockedUntilMs: null }, limit, nowMs);
  }
  const fresh = state === undefined || nowMs - state.windowFromMs >= limit.windowMs;
  return counted(fresh ? { failures: 0, windowFromMs: nowMs, lockedUntilMs: null } : state, limit, nowMs);
}

/** Takes back an attempt that proved right: it was no failure. */
export function refunded(state: ThrottleState): ThrottleState {
  return { ...state, failures: Math.max(0, state.failures - 1), lockedUntilMs: null };
}

function counted(state: ThrottleState, limit: ThrottleLimit, nowMs: number): Attempt {
  const failures = state.failures + 1;
  const locks = failures >= limit.failures;
  const next = { ...state, failures, lockedUntilMs: locks ? nowMs + limit.restMs : null };
  return { allowed: true, locks, next };
}

const IPV6_GROUPS = 4;

/**
 * What counts as one address: an IPv4 address, or the /64 network of an IPv6 one, which is what one subscriber has.
 * `::ffff:10.0.0.1` is the IPv4 address.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%', 1).join('').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 2 * IPV6_GROUPS - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups.slice(0, IPV6_GROUPS).join(':')}::/64`;
}
