/** The pure parts of the view: what of the tail is kept and found, letters and their outcomes, scopes of devices. */
import { describe, expect, it } from 'vitest';
import { byScope, deviceMatches, type Device, scopeOf, scopeText } from './devices';
import { type Letter, letterMatches, placeOf, withSettled } from './letters';
import { collect, type Entry, type Filter, KEPT_OF_A_KIND, matches, pretty, readEntries, readFilter, rowsOf, skippedAfter, writeFilter } from './tail';

const everything: Filter = { line: '', machine: '', status: 'all', text: '' };
const key = (n: number) => String(n).padStart(16, '0');
const at = '2026-11-24T10:00:00.000Z';
const raw = (n: number, more: object = {}) => ({ [key(n)]: { at, topic: 'hub/v1/acme/lyon/saw/s1/count', line: 'saw', machine: 's1', channel: 'count', sender: 'acme-1', status: 'accepted', payload: '{"good":1}', ...more } });
const entries = (...all: object[]): Entry[] => readEntries({ messages: Object.assign({}, ...all) as never });
const keys = (list: readonly Entry[]) => list.map((entry) => Number(entry.key));

describe('the tail', () => {
  it('is read with the newest first, and what is not understood stands out', () => {
    const [newest, older] = entries(raw(1), raw(10, { status: 'exploded', at: 'soon', skipped: 7, payload: null }));
    expect(newest).toMatchObject({ key: key(10), status: 'refused', at: undefined, skipped: 7, payload: '' });
    expect(older).toMatchObject({ key: key(1), status: 'accepted', at: Date.parse(at), skipped: 0, truncated: false });
    expect(readEntries({})).toEqual([]);
  });

  it('keeps what the topic no longer has, once each', () => {
    const first = entries(raw(1), raw(2));
    const both = collect(first, entries(raw(2), raw(3)));
    expect(keys(both)).toEqual([3, 2, 1]);
    expect(both.some(({ lost }) => lost)).toBe(false);
    expect(collect(both, entries(raw(3)))).toBe(both);
    expect(collect(both, [])).toBe(both);
  });

  it('says where messages may be missing', () => {
    const seen = collect(entries(raw(1), raw(2)), entries(raw(6), raw(7)));
    expect(seen.filter(({ lost }) => lost === true).map((entry) => Number(entry.key))).toEqual([6]);
    expect(collect([], entries(raw(6)))[0]?.lost).toBeUndefined();
  });

  it('does not let good messages wash refused ones away', () => {
    let seen = collect([], entries(raw(1, { status: 'refused' })));
    const flood = Array.from({ length: KEPT_OF_A_KIND + 50 }, (_, n) => raw(n + 2));
    seen = collect(seen, entries(...flood));
    expect(seen).toHaveLength(KEPT_OF_A_KIND + 1);
    expect(seen.at(-1)?.status).toBe('refused');
    expect(Number(seen[0]?.key)).toBe(KEPT_OF_A_KIND + 51);
  });

  it('is filtered by place, status and words anywhere in the message', () => {
    const [entry] = entries(raw(1, { status: 'refused', code: 'invalid_field', detail: 'good must be 0 or more', id: 'c-7' }));
    if (entry === undefined) throw new Error('no entry');
    const finds = (filter: Partial<Filter>) => matches(entry, { ...everything, ...filter });
    expect([finds({}), finds({ line: 'saw', machine: 's1', status: 'refused' }), finds({ text: 'C-7 INVALID' })]).toEqual([true, true, true]);
    expect([finds({ line: 'mill' }), finds({ machine: 's2' }), finds({ status: 'accepted' }), finds({ text: 'c-7 nothing' })]).toEqual([false, false, false, false]);
  });

  it('says what is missing in its place, also around messages that are not looked for', () => {
    const list = entries(raw(1, { status: 'refused' }), raw(2, { skipped: 4 }), raw(3, { status: 'refused', skipped: 2 }), raw(4));
    const said = (filter: Partial<Filter>, after: number) => rowsOf(list, { ...everything, ...filter }, after).map((row) => (row.kind === 'gap' ? -row.skipped : Number(row.key)));
    expect(said({}, 0)).toEqual([4, 3, -2, 2, -4, 1]);
    expect(said({}, 9)).toEqual([-9, 4, 3, -2, 2, -4, 1]);
    expect(said({ status: 'refused' }, 9)).toEqual([-9, 3, -6, 1]);
    expect(said({ text: 'nowhere' }, 1)).toEqual([-7]);
    expect(rowsOf([{ ...list[0], lost: true } as Entry], everything, 0)[1]).toMatchObject({ kind: 'gap', lost: true });
    expect([skippedAfter({ skipped: 3 }), skippedAfter({})]).toEqual([3, 0]);
  });

  it('has its filter in the address, beside what else is there', () => {
    const filter: Filter = { line: 'saw', machine: 's 1', status: 'refused', text: 'a&b' };
    const params = writeFilter(new URLSearchParams('part=letters&q=old'), filter);
    expect(readFilter(params)).toEqual(filter);
    expect(params.get('part')).toBe('letters');
    expect(writeFilter(params, everything).toString()).toBe('part=letters');
    expect(readFilter(new URLSearchParams('status=strange')).status).toBe('all');
  });

  it('writes JSON on lines of its own and leaves the rest as it came', () => {
    expect(pretty('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(pretty('{"a":')).toBe('{"a":');
  });
});

const letter = (id: string, received: number, more: Partial<Letter> = {}): Letter => ({ id, topic: 'hub/v1/acme/lyon/saw/s1/count', payload: '{}', retryable: true, code: 'unknown_machine', detail: 'there is no machine s1', sender: 'acme-1', received_at: received, ...more });

describe('dead letters', () => {
  it('stay in their place with what came of them, though the hub no longer has them', () => {
    const dealtWith = letter('b', 20);
    const settled = new Map([['b', { letter: dealtWith, outcome: { kind: 'applied' as const } }], ['x', { letter: letter('x', 99), outcome: { kind: 'refused' as const, code: 'c', detail: 'd' } }]]);
    expect(withSettled([letter('a', 30), letter('c', 10)], settled).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('are found by the place that their topic names', () => {
    expect(placeOf('hub/v1/acme/lyon/saw/s1/count')).toEqual({ line: 'saw', machine: 's1', channel: 'count' });
    expect(placeOf('hub/v1/acme/lyon/stock')).toEqual({ channel: 'stock' });
    expect(placeOf('hub/v1/acme/lyon/stock/s1/count')).toEqual({ line: 'stock', machine: 's1', channel: 'count' });
    expect(placeOf('hub/v1/acme/lyon')).toEqual({});
    expect(letterMatches(letter('a', 1), { ...everything, line: 'saw', text: 'machine' })).toBe(true);
    expect(letterMatches(letter('a', 1), { ...everything, line: 'mill' })).toBe(false);
    // The status is one of the tail: every letter was refused.
    expect(letterMatches(letter('a', 1), { ...everything, status: 'accepted' })).toBe(true);
  });
});

const device = (scope: string, more: Partial<Device> = {}): Device => ({ username: `u-${scope}`, name: 'Gateway', scope, created_at: 1, connected: false, connections: [], ...more });

describe('devices', () => {
  it('concern a site and what is looked for if they may speak for it', () => {
    const shows = (scope: string, filter: Partial<Filter> = {}) => deviceMatches(device(scope), 'lyon', { ...everything, ...filter });
    expect([shows(''), shows('lyon'), shows('lyon/saw/s1'), shows('metz')]).toEqual([true, true, true, false]);
    const s1 = { line: 'saw', machine: 's1' };
    expect([shows('', s1), shows('lyon/saw', s1), shows('lyon/saw/s1', s1), shows('lyon/saw/s2', s1), shows('lyon/mill', s1)]).toEqual([true, true, true, false, false]);
    const connected = device('lyon', { connections: [{ client_id: 'gw-7', protocol: '5', since: 1 }] });
    expect(deviceMatches(connected, 'lyon', { ...everything, text: 'GW-7' })).toBe(true);
  });

  it('say their scope as the hub does', () => {
    for (const [site, line, machine, text] of [['', 'saw', 's1', ''], ['lyon', '', '', 'lyon'], ['lyon', '', 's1', 'lyon'], ['lyon', 'saw', '', 'lyon/saw'], ['lyon', 'saw', 's1', 'lyon/saw/s1']] as const) expect(scopeText(site, line, machine)).toBe(text);
    expect([scopeOf(''), scopeOf('lyon/saw')]).toEqual([{}, { site: 'lyon', line: 'saw' }]);
  });

  it('come by scope and name, the revoked ones last', () => {
    const names = byScope([device('lyon', { name: 'b' }), device('', { name: 'z', revoked_at: 5 }), device('lyon', { name: 'a' }), device('', { name: 'y' })]).map(({ name }) => name);
    expect(names).toEqual(['y', 'a', 'b', 'z']);
  });
});
