import { v7 } from 'uuid';

/** A new time-ordered identifier (UUID version 7, RFC 9562); `at` orders records of the past by when they happened. */
export function uuid7(at?: Date): string {
  return at === undefined ? v7() : v7({ msecs: at.getTime() });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID; ids from outside are checked before they reach SQL. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
