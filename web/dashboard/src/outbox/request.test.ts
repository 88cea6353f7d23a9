/** What the hub is told of an entry, and what its answers mean. */
import { describe, expect, it } from 'vitest';
import { HubProblem, HubUnreachable } from '../api/problem';
import { entryOf } from './harness';
import { outcomeOf, requestOf, speakerOf } from './request';

const AT = Date.parse('2026-11-24T14:02:00.000Z');
const scrap = { kind: 'scrap', machine: 'saw-1', machineName: 'Saw', quantity: 3 } as const;
const problem = (status: number, code: string, retryAfterMs: number | null = null) => new HubProblem(status, { title: '', detail: 'why', code, errors: [] }, retryAfterMs);

describe('a request', () => {
  it('to move an order carries the id as its key', () => {
    expect(requestOf(entryOf('k1', { at: AT }), AT)).toMatchObject({ method: 'POST', path: '/orders/order-k1/start', body: {}, key: 'k1' });
  });

  it('to classify or comment changes only that', () => {
    const reason = { kind: 'reason', stop: '01J', machine: 'saw-1', machineName: 'Saw', reason: 'jam', reasonName: 'Jam', before: null, beforeName: null } as const;
    expect(requestOf(entryOf('k2', { action: reason }), AT)).toMatchObject({ method: 'PATCH', path: '/sites/lyon/lines/saw/stops/01J', body: { reason: 'jam' }, key: 'k2' });
    const comment = { kind: 'comment', stop: '01J', machine: 'saw-1', machineName: 'Saw', comment: null } as const;
    expect(requestOf(entryOf('k3', { action: comment }), AT).body).toEqual({ comment: null });
  });

  it('about scrap is a message with an id and a time, marked when it was kept back', () => {
    const message = { topic: 'hub/v1/acme/lyon/saw/saw-1/count', id: 'k4', at: '2026-11-24T14:02:00.000Z', scrap: 3 };
    expect(requestOf(entryOf('k4', { action: scrap, at: AT }), AT + 1_000).body).toEqual(message);
    expect(requestOf(entryOf('k4', { action: scrap, at: AT, offline: true }), AT).body).toEqual({ ...message, buffered: true });
    expect(requestOf(entryOf('k4', { action: scrap, at: AT }), AT + 60_000).body).toEqual({ ...message, buffered: true });
  });
});

describe('an answer', () => {
  const { answer } = requestOf(entryOf('k4', { action: scrap, at: AT }), AT);

  it('about a message is read from its result', () => {
    expect(answer.parse({ results: [{ status: 'accepted', id: 'k4' }] })).toEqual({ kind: 'applied' });
    expect(answer.parse({ results: [{ status: 'duplicate', id: 'k4' }] })).toEqual({ kind: 'applied' });
    expect(answer.parse({ results: [{ status: 'refused', code: 'line_quarantined' }] })).toEqual({ kind: 'retry', afterMs: null });
    expect(answer.parse({ results: [{ status: 'refused', code: 'unknown_machine', detail: 'no' }] })).toMatchObject({ kind: 'refused', refusal: { code: 'unknown_machine' } });
  });

  it('that the hub cannot have given is none', () => {
    expect(answer.safeParse({ results: [] }).success).toBe(false);
    expect(requestOf(entryOf('k1'), AT).answer.safeParse(undefined).success).toBe(false);
    expect(outcomeOf(new HubUnreachable('an answer of an unknown shape'))).toEqual({ kind: 'retry', afterMs: null });
    expect(outcomeOf(problem(404, 'unknown'))).toEqual({ kind: 'retry', afterMs: null });
  });

  it.each([
    [503, 'store_unavailable', { kind: 'retry', afterMs: 2_000 }],
    [429, 'too_many_attempts', { kind: 'retry', afterMs: 2_000 }],
    [408, 'request_timeout', { kind: 'retry', afterMs: 2_000 }],
    [409, 'idempotency_key_in_use', { kind: 'retry', afterMs: 2_000 }],
    [401, 'unauthenticated', { kind: 'not_signed_in' }],
    [409, 'illegal_transition', { kind: 'refused', refusal: { status: 409, code: 'illegal_transition', detail: 'why' } }],
    [403, 'forbidden', { kind: 'refused', refusal: { status: 403, code: 'forbidden', detail: 'why' } }],
  ])('%i %s', (status, code, outcome) => {
    expect(outcomeOf(problem(status, code, 2_000))).toEqual(outcome);
  });
});

it('a token says who speaks', () => {
  const payload = btoa(JSON.stringify({ sub: 'anna', tenant: 'acme', exp: 1 })).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  expect(speakerOf(`h.${payload}.s`)).toEqual({ user: 'anna', tenant: 'acme' });
  expect(speakerOf('made-up')).toBeNull();
});
