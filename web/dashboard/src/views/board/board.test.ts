/** What the board makes of its data: reading, sorting by need, filtering, and how a line does against its plan. */
import { describe, expect, it, vi } from 'vitest';
import { mergePatch } from '../../live/merge';
import { toneOf } from '../../vocabulary';
import { byNeed, groupOf, matches, standsByPlan, tileTone } from './need';
import { lateByMs, paceOf } from './pace';
import { type Line, readSite } from './site';

const lines = (data: Record<string, object>) => readSite(JSON.parse(JSON.stringify({ lines: data })) as Parameters<typeof readSite>[0]).lines;
const one = (data: object): Line => {
  const [line] = lines({ saw: data });
  if (line === undefined) throw new Error('no line');
  return line;
};

describe('reading', () => {
  it('takes what is absent as unknown or none', () => {
    expect(one({})).toMatchObject({ code: 'saw', name: 'saw', status: 'unknown', shift: undefined, order: undefined, alerts: { critical: 0 } });
    expect(one({ shift: {} }).shift?.oee).toBeUndefined();
  });

  it('shows a line that it does not understand as unknown, with its name', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(one({ name: 'Saw 1', status: 'running', since: 'yesterday' })).toMatchObject({ name: 'Saw 1', status: 'unknown' });
    expect(one({ name: 'Saw 1', status: 'teleporting', andon: 'green' })).toMatchObject({ status: 'unknown' });
    expect(warn).toHaveBeenCalledOnce();
  });

  it('keeps the identity of lines that did not change', () => {
    const before = { lines: { a: { status: 'running' }, b: { status: 'running' } } };
    const after = mergePatch(before, { lines: { b: { status: 'down' } } });
    const [a, b] = [readSite(before).lines, readSite(after).lines];
    expect(b[0]).toBe(a[0]);
    expect(b[1]).not.toBe(a[1]);
  });
});

describe('need', () => {
  it('puts down first, then alerts, stopped, unknown, running', () => {
    const board = lines({
      r: { status: 'running' },
      u: { status: 'offline' },
      s: { status: 'setup' },
      a: { status: 'running', alerts: { low: 1 } },
      d: { status: 'down' },
    });
    expect(byNeed(board).map((line) => line.code)).toEqual(['d', 'a', 's', 'u', 'r']);
  });

  it('puts the graver alert, then the longer stop, then the name first', () => {
    const board = lines({
      'Line 10': { status: 'down', since: '2026-11-22T10:00:00Z' },
      'Line 9': { status: 'down', since: '2026-11-22T10:00:00Z' },
      older: { status: 'down', since: '2026-11-22T09:00:00Z' },
      undated: { status: 'down' },
      grave: { status: 'down', alerts: { critical: 1 } },
    });
    expect(byNeed(board).map((line) => line.code)).toEqual(['grave', 'older', 'Line 9', 'Line 10', 'undated']);
  });

  it('puts a running line of which a machine stands before one where all is well', () => {
    const board = lines({ a: { status: 'running', andon: 'green' }, z: { status: 'running', andon: 'amber' }, i: { status: 'idle', shift: {} } });
    expect(byNeed(board).map((line) => line.code)).toEqual(['i', 'z', 'a']);
  });

  it('takes the colour from the hub, and never colours the unknown', () => {
    expect(toneOf(one({ status: 'running', andon: 'red' }))).toBe('red');
    expect(toneOf(one({ status: 'down' }))).toBe('red');
    expect(toneOf(one({ andon: 'green' }))).toBe('grey');
    expect(groupOf(one({ status: 'maintenance' }))).toBe('stopped');
  });

  it('finds a line by name, order or article, whatever the accents', () => {
    const line = one({ name: 'Découpe 1', status: 'idle', shift: {}, order: { code: 'PO-7', article: 'COIL-3' } });
    expect(matches(line, 'all', 'decoupe')).toBe(true);
    expect(matches(line, 'stopped', 'coil')).toBe(true);
    expect(matches(line, 'down', '')).toBe(false);
    expect(matches(line, 'all', 'press')).toBe(false);
  });
});

describe('what stands by plan', () => {
  const stop = { name: 'Pause', to: '2026-11-22T09:20:00Z' };

  it('is calm and comes after what needs somebody', () => {
    const pause = one({ status: 'idle', andon: 'amber', shift: {}, planned_stop: stop });
    expect([standsByPlan(pause), tileTone(pause), groupOf(pause)]).toEqual([true, 'calm', 'planned']);
    const night = one({ status: 'idle', andon: 'amber' });
    expect([tileTone(night), groupOf(night)]).toEqual(['calm', 'planned']);
    const board = lines({ r: { status: 'running' }, p: { status: 'idle', planned_stop: stop }, u: { status: 'offline' }, i: { status: 'idle', shift: {} } });
    expect(byNeed(board).map((line) => line.code)).toEqual(['i', 'u', 'p', 'r']);
  });

  it('is not a line that is down, out of contact, or has an alert', () => {
    expect(tileTone(one({ status: 'down', andon: 'red', planned_stop: stop }))).toBe('red');
    expect(tileTone(one({ status: 'idle', andon: 'red', planned_stop: stop })), 'another machine of the line is down').toBe('red');
    expect(tileTone(one({ status: 'offline', andon: 'grey', planned_stop: stop }))).toBe('grey');
    const alarmed = one({ status: 'idle', andon: 'amber', planned_stop: stop, alerts: { high: 1 } });
    expect([tileTone(alarmed), groupOf(alarmed)]).toEqual(['amber', 'alerts']);
    const low = one({ status: 'idle', andon: 'amber', planned_stop: stop, alerts: { low: 1 } });
    expect([tileTone(low), groupOf(low)]).toEqual(['calm', 'planned']);
  });

  it('does not hide an idle line within its shift, nor a line that runs in its pause', () => {
    expect(tileTone(one({ status: 'idle', shift: {} }))).toBe('amber');
    expect(groupOf(one({ status: 'running', planned_stop: stop }))).toBe('running');
  });

  it('reads a planned stop without a known end, and one that is over is gone', () => {
    expect(one({ status: 'idle', planned_stop: { name: 'Revision' } }).planned_stop).toEqual({ name: 'Revision' });
    const before = { lines: { a: { status: 'idle', shift: {}, planned_stop: stop } } };
    const [over] = readSite(mergePatch(before, { lines: { a: { planned_stop: null } } })).lines;
    expect(over === undefined ? '' : tileTone(over)).toBe('amber');
  });
});

describe('plan', () => {
  it('compares the shift with its target, without binary dust', () => {
    expect(paceOf('20', '26')).toBe(-6);
    expect(paceOf('0.3', '0.1')).toBe(0.2);
    expect(paceOf(undefined, '26')).toBeNull();
    expect(paceOf('20', undefined)).toBeNull();
  });

  it('calls an order late only when both times are known and lie a minute apart', () => {
    expect(lateByMs(3_600_000, 0)).toBe(3_600_000);
    expect(lateByMs(59_000, 0)).toBeNull();
    expect(lateByMs(0, 3_600_000)).toBeNull();
    expect(lateByMs(undefined, 0)).toBeNull();
    expect(lateByMs(0, undefined)).toBeNull();
  });
});
