import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { DomainError } from '../errors/index.js';
import { httpErrors } from './http-error.js';

/** One fault of an input: where it is and which rule it breaks. */
interface Fault {
  readonly field: string;
  readonly rule: string;
  readonly message: string;
}

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

function faultsOf(error: ValidationError, parent: string): Fault[] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({ field, rule, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, field))];
}
