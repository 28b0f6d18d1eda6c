const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether PostgreSQL can keep a text exactly: no NUL and no half of a surrogate pair (it would become U+FFFD). */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && !LONE_SURROGATE.test(text);
}
