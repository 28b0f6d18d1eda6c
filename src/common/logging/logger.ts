import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { currentContext } from '../http/request-context.js';
import { activeTraceId } from '../tracing/index.js';
import { mask } from './mask.js';

/** Names of members that are secrets wherever they stand. */
const SECRET_MEMBERS = [
  'password',
  'newPassword',
  'accessToken',
  'refreshToken',
  'token',
  'authorization',
  'cookie',
  'idNo',
];
const MAX_DEPTH = 6;
/** Sources that write a line for each module and route at every start. */
const NEST_CHATTER = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver']);

let current: Logger | undefined;

/** Sets level and destination; called once at start, and by tests that read what was logged. */
export function configureLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { pid: process.pid },
    mixin: traceOfLine,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: maskObject },
    hooks: {
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: Logger['info']): void {
        method.apply(this, args.map((arg: unknown) => (typeof arg === 'string' ? mask(arg) : arg)) as typeof args);
      },
    },
  };
  current = destination === undefined ? pino(options) : pino(options, destination);
  return current;
}

/** The process's logger: JSON, one line an event, on standard output. */
export function rootLogger(): Logger {
  return current ?? configureLogger(process.env['LOG_LEVEL'] ?? 'info');
}

/** Every line of a request, and of a job that is traced, can be found by the trace id that the caller was told. */
function traceOfLine(): { traceId?: string } {
  const traceId = currentContext()?.traceId ?? activeTraceId();
  return traceId === undefined ? {} : { traceId };
}

function maskObject(fields: Record<string, unknown>): Record<string, unknown> {
  return maskValue(fields, 0) as Record<string, unknown>;
}

function maskValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item: unknown) => maskValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      SECRET_MEMBERS.includes(key) ? '[secret]' : maskValue(item, depth + 1),
    ]),
  );
}

/** Lets Nest's own messages go through the same log. */
export class PinoLoggerService implements LoggerService {
  log(message: unknown, ...rest: unknown[]): void {
    const chatter = typeof rest.at(-1) === 'string' && NEST_CHATTER.has(String(rest.at(-1)));
    this.write(chatter ? 'debug' : 'info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.filter((part) => typeof part === 'string').at(-1);
    const text =
      message instanceof Error ? message.message : typeof message === 'string' ? message : JSON.stringify(message);
    const stack = message instanceof Error ? { stack: message.stack } : {};
    rootLogger()[level]({ context, ...stack }, text);
  }
}
