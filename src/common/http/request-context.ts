import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line of log and every audit row of one request have in common. */
export interface RequestContext {
  /**
   * Id of the trace this request belongs to, 32 hexadecimal digits. Made by the server; where traces are configured, a
   * caller's `traceparent` is joined instead (the proxy removes it from requests of outsiders).
   */
  readonly traceId: string;
  readonly language: Language;
}

/** The languages the system answers in; Chinese when the caller does not prefer English. */
export type Language = 'zh' | 'en';

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` with the context of a request; awaits inside keep it. */
export function runWithContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context of the request being answered; undefined in jobs and at start. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** The better of Chinese and English for an Accept-Language header (RFC 9110 §12.5.4). */
export function preferredLanguage(header: string | undefined): Language {
  if (header === undefined) return 'zh';
  let best: { language: Language; weight: number } = { language: 'zh', weight: 0 };
  for (const part of header.slice(0, 500).split(',')) {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters.find((parameter) => parameter.trim().startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.trim().slice(2)) || 0;
    const language = range.startsWith('en') ? 'en' : range.startsWith('zh') || range === '*' ? 'zh' : undefined;
    if (language !== undefined && weight > best.weight) best = { language, weight };
  }
  return best.language;
}
