/** Calls in the name of the signed-in user: adds the access token, and renews it once when the hub does not take it. */
import type { Session } from '../auth/session';
import { z } from '../zod';
import { exchange, type Exchange } from './http';
import { HubProblem, HubUnreachable } from './problem';

export class Api {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Deleting twice is harmless: the second time there is nothing left. */
  delete(path: string): Promise<unknown> {
    return this.#call({ path, schema: z.unknown(), method: 'DELETE' });
  }

  get<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    return this.#call({ path, schema, signal });
  }

  /** For calls that may be made twice without harm, or with a key; because a call that the hub did not take is made again. */
  post<T>(path: string, body: unknown, schema: z.ZodType<T>, key?: string): Promise<T> {
    return this.#call({ path, body, schema, key });
  }

  /** A merge patch; the same rule as of `post`. */
  patch<T>(path: string, body: unknown, schema: z.ZodType<T>, key?: string): Promise<T> {
    return this.#call({ path, body, schema, key, method: 'PATCH' });
  }

  async #call<T>(call: Exchange<T>): Promise<T> {
    const token = await this.#token(null);
    try {
      return await exchange({ ...call, token });
    } catch (cause) {
      if (!(cause instanceof HubProblem) || cause.status !== 401) throw cause;
    }
    const renewed = await this.#token(token);
    try {
      return await exchange({ ...call, token: renewed });
    } catch (cause) {
      if (cause instanceof HubProblem && cause.status === 401) this.#session.end('expired');
      throw cause;
    }
  }

  async #token(rejected: string | null): Promise<string> {
    const grant = await this.#session.token(rejected);
    if (grant === 'unavailable') throw new HubUnreachable('no access token can be had');
    if (grant === 'session_over') throw new HubProblem(401, { title: '', detail: '', code: 'session_over', errors: [] });
    return grant.value;
  }
}
