import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

/** What every field of a DTO may say. */
interface FieldOptions {
  readonly optional?: boolean;
  /** One line for the OpenAPI document. */
  readonly about?: string;
}

const AMOUNT = /^-?(0|[1-9]\d{0,12})(\.\d{1,2})?$/;
const UNSIGNED_AMOUNT = /^(0|[1-9]\d{0,12})(\.\d{1,2})?$/;
const DAY = /^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const MONTH = /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/;

/** An amount of money as decimal yuan text ("7595.62"); a JSON number is refused, because it may have been rounded. */
export function AmountField(options: FieldOptions & { readonly negative?: boolean } = {}): PropertyDecorator {
  const pattern = options.negative === true ? AMOUNT : UNSIGNED_AMOUNT;
  return field(options, { type: 'string', pattern: pattern.source, example: '7595.62' }, [
    Matches(pattern),
    IsString(),
  ]);
}

/** A business day 'YYYY-MM-DD'. */
export function DayField(options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: 'string', format: 'date' }, [Matches(DAY), IsString()]);
}

/** A month 'YYYY-MM'. */
export function MonthField(options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: 'string', pattern: MONTH.source, example: '2026-10' }, [Matches(MONTH), IsString()]);
}

/** An id (uuid). */
export function IdField(options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: 'string', format: 'uuid' }, [IsUUID()]);
}

/** A text of `min` (1) to `max` characters. */
export function TextField(
  options: FieldOptions & { readonly max: number; readonly min?: number; readonly pattern?: RegExp },
): PropertyDecorator {
  const { max, min = 1, pattern } = options;
  const api = {
    type: 'string',
    minLength: min,
    maxLength: max,
    ...(pattern ? { pattern: pattern.source } : {}),
  } as const;
  return field(options, api, [MaxLength(max), MinLength(min), IsString(), ...(pattern ? [Matches(pattern)] : [])]);
}

/** Why somebody needs personal data in full: at least four characters that are no blanks, kept in the audit trail. */
export function ReasonField(): PropertyDecorator {
  return TextField({
    ...{ min: 4, max: 200, pattern: /^\s*\S[\s\S]{2,}\S\s*$/ },
    about: 'why it is needed in full; kept in the audit trail',
  });
}

/** One of a fixed set of texts. */
export function ChoiceField(choices: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: 'string', enum: [...choices] }, [IsIn([...choices]), IsString()]);
}

/** A whole number. `fromText` reads it from a query parameter. */
export function IntegerField(
  options: FieldOptions & { readonly min: number; readonly max: number; readonly fromText?: boolean },
): PropertyDecorator {
  const read = options.fromText === true ? [Transform(({ value }: { value: unknown }) => integerOf(value))] : [];
  const api = { type: 'integer', minimum: options.min, maximum: options.max } as const;
  return field(options, api, [...read, Max(options.max), Min(options.min), IsInt()]);
}

/** true or false. `fromText` reads it from a query parameter. */
export function FlagField(options: FieldOptions & { readonly fromText?: boolean } = {}): PropertyDecorator {
  const read = options.fromText === true ? [Transform(({ value }: { value: unknown }) => flagOf(value))] : [];
  return field(options, { type: 'boolean' }, [...read, IsBoolean()]);
}

/** An object of another DTO class. */
export function NestedField(type: () => new () => object, options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type }, [Type(type), ValidateNested()]);
}

/** A list of objects of another DTO class, `max` long at most. */
export function ListField(
  type: () => new () => object,
  options: FieldOptions & { readonly max: number },
): PropertyDecorator {
  const api = { type, isArray: true, maxItems: options.max };
  return field(options, api, [Type(type), ValidateNested({ each: true }), ArrayMaxSize(options.max), IsArray()]);
}

// Unlike IsOptional, a null is checked too: it would otherwise slip through every rule.
const whenGiven = ValidateIf((_dto, value) => value !== undefined);

function field(options: FieldOptions, api: object, checks: readonly PropertyDecorator[]): PropertyDecorator {
  const required = options.optional !== true;
  const about = options.about === undefined ? {} : { description: options.about };
  const described = ApiProperty({ ...api, ...about, required });
  return applyDecorators(described, ...(required ? [] : [whenGiven]), ...checks);
}

function integerOf(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
}

function flagOf(value: unknown): unknown {
  if (value === 'true') return true;
  return value === 'false' ? false : value;
}
