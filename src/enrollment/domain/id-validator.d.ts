declare module 'id-validator' {
  /** Checks Chinese identity numbers. It remembers every number it saw, so use one instance per number. */
  export default class IDValidator {
    /** Whether the number has the right shape, a plausible birth date and the right check digit. */
    isValid(idNo: string, length?: 15 | 18): boolean;
  }
}
