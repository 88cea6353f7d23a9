/** What can go wrong with a call to the hub: it answered with a problem (RFC 9457), or it did not answer. */
import { z } from '../zod';
import { reads, type Schemas } from './types';

const problemBody = reads<Schemas['Problem']>()(z.object({
  title: z.string().default(''),
  detail: z.string().default(''),
  code: z.string().default('unknown'),
  errors: z.array(z.object({ field: z.string(), code: z.string().default(''), detail: z.string().default('') })).default([]),
}));
type ProblemBody = z.infer<typeof problemBody>;

/** The hub refused the call and said why. */
export class HubProblem extends Error {
  override readonly name = 'HubProblem';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields: ProblemBody['errors'];
  /** When the hub asks to come back (Retry-After). */
  readonly retryAfterMs: number | null;

  constructor(status: number, body: ProblemBody, retryAfterMs: number | null = null) {
    super(body.detail || body.title || `status ${status}`);
    this.status = status;
    this.code = body.code;
    this.detail = body.detail || body.title;
    this.fields = body.errors;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer, or one that the hub cannot have given (a proxy's error page, an unknown shape). */
export class HubUnreachable extends Error {
  override readonly name = 'HubUnreachable';
}

/** Reads the problem out of a response that is not a success. */
export async function problemOf(response: Response): Promise<HubProblem> {
  const body: unknown = await response.json().catch(() => ({}));
  const parsed = problemBody.safeParse(body);
  return new HubProblem(response.status, parsed.success ? parsed.data : problemBody.parse({}), retryAfterOf(response.headers));
}

/** The hub's own problems give seconds; a date is a proxy's, and not worth its clock. */
function retryAfterOf(headers: Headers): number | null {
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}
