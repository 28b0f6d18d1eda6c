import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { currentContext } from '../http/request-context.js';
import { activeTraceId } from '../tracing/index.js';
import { mask, maskedValue } from './mask.js';

/** Sources that write a line for each module and route at every start. */
const NEST_CHATTER = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver']);

let current: Logger | undefined;

/**
 * Sets level and destination; called once at start, and by tests that read what was logged.
 * @param hide what every text goes through; a test that must see a leak gives another one
 */
export function configureLogger(level: string, destination?: DestinationStream, hide = mask): Logger {
  const options = {
    level,
    base: { pid: process.pid },
    mixin: traceOfLine,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => maskedValue(fields, hide) as Record<string, unknown>,
    },
    hooks: {
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: Logger['info']): void {
        method.apply(this, safeArguments(args, hide) as typeof args);
      },
    },
  };
  current = destination === undefined ? pino(options) : pino(options, destination);
  return current;
}

// An error alone would bring its message past the masking; so would an object that the format text takes in.
function safeArguments(args: readonly unknown[], hide: (text: string) => string): unknown[] {
  const [first, ...rest] = args;
  const whole = first instanceof Error ? [{ err: first }, first.message, ...rest] : [...args];
  return whole.map((arg, index) => {
    if (typeof arg === 'string') return hide(arg);
    return index === 0 ? arg : maskedValue(arg, hide);
  });
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

/**
 * Lets what Node itself would print – warnings, and the error that ends the process – go through the same log: one JSON
 * line each, masked.
 */
export function logProcessEvents(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    rootLogger().warn({ context: warning.name, stack: warning.stack }, warning.message);
  });
  process.on('uncaughtException', (error) => {
    rootLogger().fatal({ context: 'process', err: error }, 'uncaught error, the process ends');
    process.exit(1);
  });
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
    const err = [message, ...rest].find((part) => part instanceof Error);
    rootLogger()[level]({ context, ...(err === undefined ? {} : { err }) }, text);
  }
}
