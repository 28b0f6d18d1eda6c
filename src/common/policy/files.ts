import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseDocument } from 'yaml';
import { DomainError } from '../errors/index.js';
import { policyErrors } from './errors.js';
import { type Json, policyVersion } from './version.js';

/** A policy file, complete (what it extends is merged in), validated and versioned. */
export interface PolicyFile<T> {
  readonly id: string;
  /** `id@hash` of the complete document. */
  readonly version: string;
  /** Path below the policy folder, for people. */
  readonly file: string;
  readonly document: T;
}

/** What every policy file begins with; the rest is the room's own and described by its schema. */
interface Head {
  kind: string;
  id: string;
  extends?: string;
  [key: string]: Json | undefined;
}

/**
 * Reads all YAML files below `folder` whose `kind` is the given one, completes them by `extends`, validates each against
 * the JSON schema (2020-12) and gives it a version.
 * Errors: `policy.unreadable`, `policy.malformed` (all faults of the file at once), `policy.unknown-base`, `policy.duplicate-id`.
 * @returns in the order of their ids
 */
export function readPolicies<T>(folder: string, kind: string, schema: object): PolicyFile<T>[] {
  const heads = new Map<string, { file: string; head: Head }>();
  for (const file of yamlFiles(folder)) {
    const head = readHead(folder, file);
    if (head.kind !== kind) continue;
    if (heads.has(head.id)) throw new DomainError(policyErrors['duplicate-id'], { id: head.id, file });
    heads.set(head.id, { file, head });
  }
  const validate = validatorOf(schema);
  return [...heads.keys()].sort().map((id) => complete<T>(id, heads, validate));
}

/** Validates one parsed document and gives it a version, as for a draft that is not in a file. Error `policy.malformed`. */
export function checkPolicy<T>(document: Json, schema: object, file: string): PolicyFile<T> {
  return validated<T>(document, validatorOf(schema), file);
}

/** Parses YAML 1.2 text; duplicate keys, tags and anchors that fail are errors (`policy.unreadable`). */
export function parsePolicyYaml(text: string, file: string): Json {
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true });
  const fault = document.errors[0];
  if (fault !== undefined) throw new DomainError(policyErrors.unreadable, { file, reason: fault.message });
  return document.toJS() as Json;
}

/**
 * A document laid over the one it extends: objects are merged key by key, everything else (lists too) is replaced,
 * and `null` removes what the base had.
 */
export function overlay(base: Json, change: Json): Json {
  if (!isObject(base) || !isObject(change)) return change;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(change)) {
    if (value === null) merged.delete(key);
    else merged.set(key, overlay(merged.get(key) ?? null, value));
  }
  return Object.fromEntries(merged);
}

const validators = new WeakMap<object, ValidateFunction>();

/** Compiling a schema costs more than all the files it checks; a schema is compiled once. */
function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
  validators.set(schema, validate);
  return validate;
}

function complete<T>(
  id: string,
  heads: ReadonlyMap<string, { file: string; head: Head }>,
  validate: ValidateFunction,
): PolicyFile<T> {
  const own = heads.get(id);
  if (own === undefined) throw new RangeError(`no policy ${id}`);
  const chain: Head[] = [];
  const seen = new Set<string>();
  for (let at: string | undefined = id; at !== undefined;) {
    const entry = heads.get(at);
    if (entry === undefined || seen.has(at)) {
      throw new DomainError(policyErrors['unknown-base'], { file: own.file, base: at });
    }
    seen.add(at);
    chain.unshift(entry.head);
    at = entry.head.extends;
  }
  const merged = chain.reduce<Json>((base, change) => overlay(base, change as Json), {});
  if (isObject(merged)) delete merged['extends'];
  return validated<T>(merged, validate, own.file);
}

function validated<T>(document: Json, validate: ValidateFunction, file: string): PolicyFile<T> {
  if (!validate(document)) {
    throw new DomainError(policyErrors.malformed, { file, errors: (validate.errors ?? []).map(sentence) });
  }
  const { id } = document as unknown as Head;
  return { id, version: policyVersion(id, document), file, document: document as T };
}

function readHead(folder: string, file: string): Head {
  let text: string;
  try {
    text = readFileSync(join(folder, file), 'utf8');
  } catch (error) {
    throw new DomainError(policyErrors.unreadable, {
      file,
      reason: error instanceof Error ? error.message : 'unknown',
    });
  }
  const document = parsePolicyYaml(text, file);
  const head = isObject(document) ? document : {};
  if (typeof head['kind'] !== 'string' || typeof head['id'] !== 'string') {
    // A YAML file that is no policy of any kind (a scenario, say) is nobody's business here.
    return { kind: '', id: file };
  }
  return head as unknown as Head;
}

function yamlFiles(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw new DomainError(policyErrors.unreadable, {
      file: folder,
      reason: error instanceof Error ? error.message : 'unknown',
    });
  }
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

function sentence(error: ErrorObject): string {
  const extra = error.keyword === 'additionalProperties' ? ` "${String(error.params['additionalProperty'])}"` : '';
  return `${error.instancePath === '' ? '/' : error.instancePath} ${error.message ?? error.keyword}${extra}`;
}

function isObject(value: Json): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
