import i18n from 'i18next';
import { Problem, problemOf } from './problem';
import type { paths } from './schema';
import { sessionStore } from './session-store';

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

interface CallOptions {
  query?: Query;
  body?: unknown;
  /** Needed on every POST that moves money: a repeated click must not act twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

const BASE = '/api/v1';

/** Every address of the API description, without the prefix: a page that asks for another one does not compile. */
export type ApiRoute = { [P in keyof paths]: P extends `/api/v1${infer Route}` ? Route : never }[keyof paths];

/** `/a/{id}` with its placeholders filled and encoded. */
export function path(template: ApiRoute, params: Record<string, string> = {}): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${template}: ${name} is missing`);
    return encodeURIComponent(value);
  });
}

function urlOf(route: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return `${BASE}${route}${text === '' ? '' : `?${text}`}`;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw new Problem(0, { code: 'console.unreachable', detail: i18n.t('error.unreachable') });
  }
}

function headersOf(options: CallOptions): Headers {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': i18n.language });
  const access = sessionStore.access();
  if (access !== null) headers.set('Authorization', `Bearer ${access}`);
  if (options.idempotencyKey !== undefined) headers.set('Idempotency-Key', options.idempotencyKey);
  if (options.body !== undefined && !(options.body instanceof FormData))
    headers.set('Content-Type', 'application/json');
  return headers;
}

/** Asks the person at the screen for a proof of who they are; false when they would rather not. */
type AskProof = (by: 'password' | 'code') => Promise<boolean>;
let askProof: AskProof | null = null;

/** The frame says how a proof is asked for; without it the refusal is shown as it came. */
export function onProofAsked(ask: AskProof | null): void {
  askProof = ask;
}

let refreshing: Promise<boolean> | null = null;

/** Exchanges the refresh token; concurrent callers share one exchange, because a token works once. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= exchange().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function exchange(): Promise<boolean> {
  const refreshToken = sessionStore.refresh();
  if (refreshToken === null) return false;
  const response = await send(`${BASE}/auth/refresh`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ refreshToken }),
  });
  if (!response.ok) {
    if (response.status < 500) sessionStore.clear();
    return false;
  }
  sessionStore.set((await response.json()) as Tokens);
  return true;
}

async function raw(method: string, route: string, options: CallOptions): Promise<Response> {
  const attempt = (): Promise<Response> =>
    send(urlOf(route, options.query), {
      method,
      headers: headersOf(options),
      body:
        options.body instanceof FormData
          ? options.body
          : options.body === undefined
            ? null
            : JSON.stringify(options.body),
      signal: options.signal ?? null,
    });
  let response = await attempt();
  if (response.status === 401 && !route.startsWith('/auth/login') && (await refreshSession()))
    response = await attempt();
  if (response.status === 401 && !route.startsWith('/auth/login')) sessionStore.clear();
  if (response.ok) return response;
  const problem = await problemOf(response);
  // A step that needs a fresh proof: the proof is asked for in a dialog, then the very same request is sent again.
  if (problem.code === 'identity.step-up-required' && (await askProof?.(problem.proof ?? 'password')) === true) {
    response = await attempt();
    if (response.ok) return response;
    throw await problemOf(response);
  }
  throw problem;
}

/** One JSON request; throws `Problem` when it is refused. A 204 or empty answer gives `undefined`. */
export async function call<T>(method: string, route: string, options: CallOptions = {}): Promise<T> {
  const response = await raw(method, route, options);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Downloads a file through the session (a plain link could not carry the token) and hands it to the browser. */
export async function download(route: string, fileName: string, query?: Query): Promise<void> {
  const response = await raw('GET', route, query === undefined ? {} : { query });
  saveBlob(await response.blob(), fileName);
}

/** Offers a blob to the browser's download. */
export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 1000);
}

interface UploadOptions {
  form: FormData;
  idempotencyKey: string;
  onProgress: (percent: number) => void;
}

/** Multipart upload with progress, which fetch cannot report. */
export async function upload<T>(route: string, options: UploadOptions): Promise<T> {
  const once = (): Promise<XMLHttpRequest> =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', urlOf(route));
      headersOf({ idempotencyKey: options.idempotencyKey, body: options.form }).forEach((value, name) => {
        request.setRequestHeader(name, value);
      });
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) options.onProgress(Math.floor((event.loaded * 100) / event.total));
      };
      request.onload = () => {
        resolve(request);
      };
      request.onerror = () => {
        reject(new Problem(0, { code: 'console.unreachable', detail: i18n.t('error.unreachable') }));
      };
      request.send(options.form);
    });
  let request = await once();
  if (request.status === 401 && (await refreshSession())) request = await once();
  if (request.status >= 200 && request.status < 300) return JSON.parse(request.responseText) as T;
  throw await problemOf(new Response(request.responseText, { status: request.status }));
}

/** A fresh key for one intended action; keep it while the user retries the same action. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
