/** How stops are asked for and changed, against an API that answers in the hub's shapes. */
import { describe, expect, it, vi } from 'vitest';
import type { Api } from '../api/client';
import { changeBody, listStops, patchStop, reasonName, stopQuery } from './api';

const place = { site: 'works', line: 'saws' };
const AT = Date.parse('2026-11-24T08:00:00.000Z');
const stop = { id: '01J', machine: 'saw-1', state: 'down', reason: null, from: '2026-11-24T08:00:00.000Z', to: null };

type Parser = { parse: (value: unknown) => unknown };
/** Answers every call with the next of `answers`, read by the schema that the caller gives. */
function answering(...answers: unknown[]) {
  const get = vi.fn((_: string, schema: Parser) => Promise.resolve(schema.parse(answers.shift())));
  const patch = vi.fn((_path: string, _body: unknown, schema: Parser) => Promise.resolve(schema.parse(answers.shift())));
  return { api: { get, patch } as unknown as Api, get, patch };
}

describe('stops by REST', () => {
  it('are read page by page, null as absent', async () => {
    const { api, get } = answering({ items: [stop], next_cursor: 'c1' }, { items: [{ ...stop, id: '01I', reason: 'jam', to: '2026-11-24T08:01:00Z' }], next_cursor: null });
    const { items, truncated } = await listStops(api, place, { from: AT, unclassified: true });
    expect(items).toMatchObject([{ id: '01J', reason: undefined, from: AT, to: undefined }, { id: '01I', reason: 'jam', to: AT + 60_000 }]);
    expect(truncated).toBe(false);
    expect(get.mock.calls.map(([path]) => path)).toEqual([
      '/sites/works/lines/saws/stops?from=2026-11-24T08%3A00%3A00.000Z&unclassified=true&limit=200',
      '/sites/works/lines/saws/stops?from=2026-11-24T08%3A00%3A00.000Z&unclassified=true&limit=200&cursor=c1',
    ]);
  });

  it('end somewhere, and say so', async () => {
    const { api, get } = answering(...Array.from({ length: 20 }, (_, index) => ({ items: [{ ...stop, id: String(index) }], next_cursor: 'more' })));
    expect(await listStops(api, place, {})).toMatchObject({ truncated: true, items: { length: 10 } });
    expect(get).toHaveBeenCalledTimes(10);
  });

  it('are changed under a key, and come back with what was split off', async () => {
    const { api, patch } = answering({ ...stop, to: '2026-11-24T08:10:00Z', split_off: { ...stop, id: '01K', from: '2026-11-24T08:10:00Z' } });
    const after = await patchStop(api, place, '01J', { split_at: AT + 600_000 }, 'key-1');
    expect(after.split_off).toMatchObject({ id: '01K', from: AT + 600_000 });
    expect(patch.mock.calls[0]?.[0]).toBe('/sites/works/lines/saws/stops/01J');
    expect(patch.mock.calls[0]?.[1]).toEqual({ split_at: '2026-11-24T08:10:00.000Z' });
    expect(patch.mock.calls[0]).toContain('key-1');
  });

  it('keep null in a change, which takes away', () => {
    expect(changeBody({ reason: null, comment: 'blade' })).toEqual({ reason: null, comment: 'blade' });
  });

  it('have events in one of them', async () => {
    const { api } = answering({ ...stop, events: [{ seq: 7, at: '2026-11-24T08:00:00Z', kind: 'state', data: { state: 'down' } }] });
    const { queryFn } = stopQuery(api, place, '01J');
    const detail = await (queryFn as (context: object) => Promise<unknown>)({});
    expect(detail).toMatchObject({ events: [{ seq: 7, at: AT, kind: 'state', data: { state: 'down' } }] });
  });
});

it('a reason without a name is its code', () => {
  expect(reasonName([{ code: 'jam', name: 'Paper jam' }], 'jam')).toBe('Paper jam');
  expect(reasonName([], 'old')).toBe('old');
});
