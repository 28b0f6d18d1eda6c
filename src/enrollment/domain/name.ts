import { DomainError } from '../../common/errors/index.js';
import { enrollmentErrors } from './errors.js';

const MAX_CHARACTERS = 100;
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\uFFFD]/u;

/**
 * Takes a name as the person writes it: outer blanks go, everything else stays – no normalisation, because two rare
 * characters that look alike are two names. Refuses control and direction characters, lone surrogates, private-use
 * characters and U+FFFD (what a wrong encoding leaves behind). Error `enrollment.bad-name`.
 */
export function parseName(text: string): string {
  const name = text.trim();
  // Characters, not UTF-16 units: 𬱖 is one character.
  const length = Array.from(name).length;
  if (length === 0 || length > MAX_CHARACTERS || FORBIDDEN.test(name)) {
    throw new DomainError(enrollmentErrors['bad-name'], { max: MAX_CHARACTERS });
  }
  return name;
}
