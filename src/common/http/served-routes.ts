/** One route as the server really serves it: `GET /api/v1/persons/:id`. */
export interface ServedRoute {
  readonly method: string;
  /** The router's pattern with `:name` parameters. */
  readonly url: string;
}

/** Every route the server was given, so that access rows and OpenAPI can be compared with what is really served. */
export class ServedRoutes {
  private readonly routes: ServedRoute[] = [];
  private matchers: { method: string; pattern: RegExp }[] | undefined;

  add(methods: string | readonly string[], url: string): void {
    for (const method of typeof methods === 'string' ? [methods] : methods) this.routes.push({ method, url });
    this.matchers = undefined;
  }

  /** All routes below a prefix, without the ones that Fastify makes for itself (OPTIONS, HEAD). */
  under(prefix: string): ServedRoute[] {
    return this.routes.filter(
      ({ method, url }) => url.startsWith(prefix) && !url.includes('*') && method !== 'OPTIONS' && method !== 'HEAD',
    );
  }

  /** The methods that a path accepts; none when there is no such path (404), some when only the method is wrong (405). */
  methodsOf(path: string): string[] {
    this.matchers ??= this.under('/api/').map(({ method, url }) => ({ method, pattern: toPattern(url) }));
    return [...new Set(this.matchers.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
  }
}

function toPattern(url: string): RegExp {
  const source = url
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}
