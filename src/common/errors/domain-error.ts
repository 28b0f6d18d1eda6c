import type { ErrorDefinition, ErrorKind } from './registry.js';

/** Facts of one occurrence: fill the placeholders of the text; `errors` lists all faults of bulk input. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** A refusal that the caller can understand and mend. The HTTP filter turns it into problem+json (RFC 9457). */
export class DomainError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;
  private readonly definition: ErrorDefinition;

  constructor(definition: ErrorDefinition, details: ErrorDetails = {}) {
    super(fill(definition.en, details));
    this.name = 'DomainError';
    this.code = definition.code;
    this.kind = definition.kind;
    this.details = details;
    this.definition = definition;
  }

  /** The sentence in the language of the reader. */
  text(language: 'zh' | 'en'): string {
    return fill(this.definition[language], this.details);
  }
}

/** Tells a domain error from every other thrown value. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = details[name];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return String(value);
    return Array.isArray(value) ? value.join(', ') : placeholder;
  });
}
