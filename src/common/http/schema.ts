import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { DomainError } from '../errors/index.js';
import { faultWords, type InputFault } from './fault-words.js';
import { httpErrors } from './http-error.js';

/** Checks a value and returns it typed. Error `http.invalid` with all faults. */
export type SchemaCheck<T> = (value: unknown) => T;

const MAX_FAULTS = 100;
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, coerceTypes: false });

/**
 * Compiles a JSON schema once, for routes where class-validator would cost too much (a bill of 10 000 lines). The
 * schema's objects must say `additionalProperties: false`; amounts are `{type: 'string', pattern: …}`.
 */
export function compileSchema<T>(schema: Readonly<Record<string, unknown>>): SchemaCheck<T> {
  const validate = ajv.compile<T>(schema);
  return (value) => {
    if (validate(value)) return value;
    const faults = (validate.errors ?? []).slice(0, MAX_FAULTS).map(faultOf);
    throw new DomainError(httpErrors.invalid, { count: faults.length, errors: faults });
  };
}

function faultOf(error: ErrorObject): InputFault {
  const params = error.params as Readonly<Record<string, unknown>>;
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const member = params['missingProperty'] ?? params['additionalProperty'];
  const field = typeof member !== 'string' ? path : path === '' ? member : `${path}.${member}`;
  return {
    field,
    rule: error.keyword,
    words: faultWords(error.keyword, limitOf(params), error.message ?? error.keyword),
  };
}

function limitOf(params: Readonly<Record<string, unknown>>): string {
  const limit = params['limit'] ?? params['allowedValues'] ?? params['type'] ?? params['pattern'];
  return Array.isArray(limit)
    ? limit.join('、')
    : typeof limit === 'number'
      ? String(limit)
      : typeof limit === 'string'
        ? limit
        : '';
}
