/** One fault of an answer in RFC 9457 form: what is wrong, where, and what to do about it. */
export interface Fault {
  field?: string;
  pointer?: string;
  row?: number;
  column?: string;
  value?: string;
  message?: string;
  reason?: string;
  fix?: string;
}

/** `application/problem+json` as the server sends it. */
export interface ProblemBody {
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  errors?: Fault[];
  traceId?: string;
  /** With `identity.step-up-required`: what proves who is there. */
  proof?: 'password' | 'code';
}

/** A request that the server refused or that never arrived (`status` 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: readonly Fault[];
  readonly traceId: string | undefined;
  readonly proof: 'password' | 'code' | undefined;

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? body.code ?? String(status));
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? (status === 0 ? 'console.unreachable' : `http.${String(status)}`);
    this.faults = body.errors ?? [];
    this.traceId = body.traceId;
    this.proof = body.proof;
  }
}

/** Whatever was thrown, as a problem that ErrorPanel can show. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem(0, {
    code: 'console.unexpected',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
  });
}

/** Reads the body of a refused response; a body that is no JSON still gives a problem with the status. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: ProblemBody = {};
  try {
    body = (await response.json()) as ProblemBody;
  } catch {
    // A proxy's HTML page or an empty body: the status must speak for itself.
  }
  return new Problem(response.status, body);
}
