import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { DomainError } from '../errors/index.js';
import { faultWords, type InputFault } from './fault-words.js';
import { httpErrors } from './http-error.js';

const MAX_FAULTS = 100;

/**
 * The check of every DTO class: a member that is not declared is refused (no mass assignment), nothing is converted
 * implicitly (a JSON number for money stays a number and is refused), and all faults are told at once.
 */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false },
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => {
      const faults = errors.flatMap((error) => faultsOf(error, '')).slice(0, MAX_FAULTS);
      return new DomainError(httpErrors.invalid, { count: faults.length, errors: faults });
    },
  });
}

function faultsOf(error: ValidationError, parent: string): InputFault[] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    rule,
    words: faultWords(rule, limitIn(message), message),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, field))];
}

// The library tells the limit only inside its sentence: a pattern, a list of values after a colon, or a number.
function limitIn(message: string): string {
  const values = /(?:match|values:)\s+(.+?)(?:\s+regular expression)?$/.exec(message)?.[1];
  return values ?? /\d+/.exec(message)?.[0] ?? '';
}
