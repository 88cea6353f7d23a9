/** What is made of the alerts of a topic: reading, the order of need, and which wait for an acknowledgement. */
import { describe, expect, it } from 'vitest';
import { type Alert, awaitsAck, countBySeverity, readAlerts } from './alert';

const ids = (alerts: readonly Alert[]) => alerts.map(({ id }) => id);

describe('alerts', () => {
  it('come raised, then acknowledged, then cleared; then the graver, then the older, the undated last', () => {
    const at = (minute: number) => `2026-11-22T10:0${minute}:00Z`;
    const alerts = readAlerts({
      alerts: {
        over: { state: 'cleared', severity: 'critical', raised_at: at(0) },
        noted: { state: 'acknowledged', severity: 'critical', raised_at: at(0), acked_at: at(1) },
        undated: { state: 'raised', severity: 'high' },
        newer: { state: 'raised', severity: 'high', raised_at: at(2) },
        older: { state: 'raised', severity: 'high', raised_at: at(1) },
        grave: { state: 'raised', severity: 'critical', raised_at: at(3) },
        b: { state: 'cleared', severity: 'low', raised_at: at(1) },
        a: { state: 'cleared', severity: 'low', raised_at: at(1) },
      },
    });
    expect(ids(alerts)).toEqual(['grave', 'older', 'newer', 'undated', 'noted', 'over', 'a', 'b']);
  });

  it('are shown as grave and active where they are not understood, never left out', () => {
    const [alert] = readAlerts({ alerts: { x: { severity: 'apocalyptic', state: 'dreaming', raised_at: 'soon', text: null, machine: 7 } } });
    expect(alert).toMatchObject({ id: 'x', severity: 'high', state: 'raised', text: '', rule: '' });
    expect(alert?.raised_at).toBeUndefined();
  });

  it('wait for an acknowledgement until they have one', () => {
    const [raised, cleared, settled] = readAlerts({ alerts: { a: { state: 'raised' }, b: { state: 'cleared' }, c: { state: 'cleared', acked_at: '2026-11-22T10:00:00Z' } } });
    expect([raised, cleared, settled].map((alert) => alert !== undefined && awaitsAck(alert))).toEqual([true, true, false]);
    expect(readAlerts({ alerts: { a: { state: 'acknowledged' } } }).map(awaitsAck)).toEqual([false]);
  });

  it('are none where the topic has none', () => {
    expect(readAlerts({})).toEqual([]);
    expect(countBySeverity(readAlerts({ alerts: { a: { severity: 'low' }, b: { severity: 'low' } } }))).toEqual({ critical: 0, high: 0, medium: 0, low: 2 });
  });

  it('keep their identity while they do not change', () => {
    const alerts = { a: { severity: 'low', state: 'raised' } };
    expect(readAlerts({ alerts })[0]).toBe(readAlerts({ alerts, more: true })[0]);
  });
});
