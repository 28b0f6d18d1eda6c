/**
 * What went wrong, from the caller's point of view: `invalid` 400/422 input, `not-found` 404, `conflict` 409,
 * `refused` 422 a rule of the law says no, `forbidden` 403, `unavailable` 503, try again.
 */
export type ErrorKind = 'invalid' | 'not-found' | 'conflict' | 'refused' | 'forbidden' | 'unavailable';

/** One entry of the error catalogue. Texts may hold {placeholders} that are filled from the error's details. */
export interface ErrorDefinition {
  /** Permanent code, `room.what-is-wrong`; published, so never reused for something else. */
  readonly code: string;
  readonly kind: ErrorKind;
  readonly zh: string;
  readonly en: string;
}

const registry = new Map<string, ErrorDefinition>();

/**
 * Declares the errors of a room and puts them into the catalogue from which docs/errors.md is written.
 * @param room prefix of the codes, e.g. `claims`
 * @param entries by short name, e.g. `month-closed` → code `claims.month-closed`
 */
export function defineErrors<K extends string>(
  room: string,
  entries: Record<K, Omit<ErrorDefinition, 'code'>>,
): Readonly<Record<K, ErrorDefinition>> {
  const defined = {} as Record<K, ErrorDefinition>;
  for (const name of Object.keys(entries) as K[]) {
    const code = `${room}.${name}`;
    if (registry.has(code)) throw new Error(`error code ${code} is declared twice`);
    const definition: ErrorDefinition = { code, ...entries[name] };
    registry.set(code, definition);
    defined[name] = definition;
  }
  return defined;
}

/** Every declared error, by code. */
export function registeredErrors(): ErrorDefinition[] {
  return [...registry.values()].sort((a, b) => a.code.localeCompare(b.code, 'en'));
}
