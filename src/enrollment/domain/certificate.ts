/** Kind of certificate (psn_cert_type of the national standard): resident identity card, or a permit of its shape. */
export const RESIDENT_CARD = '01';

/** A number as it is compared: full-width characters as plain ones, no blanks or hyphens, capitals. */
export function normalisedNumber(text: string): string {
  return text.normalize('NFKC').replace(/[\s-]/gu, '').toUpperCase();
}

/** What the blind index of a certificate is made of; the same digits on another kind of certificate are another thing. */
export function indexedCertificate(kind: string, number: string): string {
  return `${kind} ${normalisedNumber(number)}`;
}
