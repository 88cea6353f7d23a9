// @vitest-environment happy-dom
/** What a tile says in words: never a colour alone, never a number that nobody knows, never an age of what is stale. */
import { cleanup, render, screen, within } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AsOf } from '../../app/hooks';
import { chooseLanguage, startI18n } from '../../i18n';
import type { JsonObject } from '../../live/merge';
import type { Detail } from './layout';
import { readSite } from './site';
import { Tile } from './Tile';

beforeAll(startI18n);
afterEach(cleanup);

function show(data: JsonObject, asOf: number | null = null, detail: Detail = 'full'): HTMLElement {
  const [line] = readSite({ lines: { saw: { name: 'Saw 1', ...data } } }).lines;
  if (line === undefined) throw new Error('no line');
  render(<MemoryRouter><AsOf value={asOf}><ul><Tile line={line} siteCode="rouen" timeZone="UTC" detail={detail} /></ul></AsOf></MemoryRouter>);
  return screen.getByRole('article', { name: 'Saw 1' });
}

const figure = (tile: HTMLElement, label: string) => within(tile).getByText(label).parentElement?.querySelector('dd')?.textContent;

describe('a tile', () => {
  it('shows what is not known as not known', () => {
    chooseLanguage('en');
    const tile = show({ status: 'running', shift: { name: 'Morning' } });
    expect(figure(tile, 'OEE')).toBe('–no data');
    expect(within(tile).getByText('· Morning')).toBeTruthy();
    expect(figure(tile, 'Good')).toBe('–no data');
    expect(within(tile).getByText('No order running')).toBeTruthy();
    expect(within(tile).queryByRole('list', { name: 'Open alerts' })).toBeNull();
  });

  it('leads to its line', () => {
    const link = within(show({ status: 'running' })).getByRole('link', { name: 'Saw 1' });
    expect(link.getAttribute('href')).toBe('/sites/rouen/lines/saw');
  });

  it('shows zero as zero', () => {
    chooseLanguage('en');
    const tile = show({ status: 'running', shift: { oee: 0, good: '0', scrap: '0', target: '0' } });
    expect(figure(tile, 'OEE')).toBe('0%');
    expect(figure(tile, 'Target')).toBe('0');
  });

  it('says a stop, its reason, its order and its alerts in words', () => {
    chooseLanguage('en');
    const tile = show({
      status: 'down',
      reason: 'tool-break',
      order: { code: 'PO-7', quantity: '2000', good: '500.5' },
      alerts: { critical: 1 },
      machines: { down: 1, running: 2 },
    });
    expect(within(tile).getByText('Down')).toBeTruthy();
    expect(within(tile).getByText('tool-break')).toBeTruthy();
    const progress = within(tile).getByRole('progressbar', { name: 'Progress of order PO-7' });
    expect(progress.getAttribute('aria-valuenow')).toBe('25');
    expect(within(tile).getByText('500.5 / 2,000')).toBeTruthy();
    expect(within(within(tile).getByRole('list', { name: 'Open alerts' })).getByText('Critical: 1')).toBeTruthy();
    expect(within(within(tile).getByRole('list', { name: 'Machines' })).getByText('Running: 2')).toBeTruthy();
  });

  it('says that nobody has explained a stop', () => {
    chooseLanguage('fr');
    expect(within(show({ status: 'idle', shift: {} })).getByText('Non classé')).toBeTruthy();
  });

  it('says a planned stop and its end in words, and asks for no reason', () => {
    chooseLanguage('en');
    const tile = show({ status: 'idle', andon: 'amber', shift: {}, planned_stop: { name: 'Pause', to: '2026-11-22T09:20:00Z' } }, Date.parse('2026-11-22T09:05:00Z'));
    expect(within(tile).getByText(/^Pause until 0?9:20/)).toBeTruthy();
    expect(within(tile).queryByText('Not classified')).toBeNull();
    expect(tile.closest('li')?.dataset['tone']).toBe('calm');
    cleanup();
    expect(within(show({ status: 'idle' })).getAllByText('No shift')).toHaveLength(2);
  });

  it('says how far the shift is from its target and by how much the order will be late', () => {
    chooseLanguage('en');
    const tile = show({ status: 'running', shift: { good: '20', target: '26' }, order: { code: 'PO-7', expected_end: '2026-11-22T10:25:00Z', due: '2026-11-22T10:00:00Z' } });
    expect(figure(tile, 'Target')).toBe('26 \u22126');
    expect(within(tile).getByText('25m late')).toBeTruthy();
  });

  it.each(['compact', 'essential'] as const)('%s keeps name, state in words and age', (detail) => {
    chooseLanguage('en');
    const tile = show({ status: 'down', since: '2026-11-22T10:00:00Z', alerts: { high: 2 } }, Date.parse('2026-11-22T10:05:00Z'), detail);
    expect(within(tile).getByText('Down')).toBeTruthy();
    expect(within(tile).getByText('5m')).toBeTruthy();
    expect(within(tile).getByText('High: 2')).toBeTruthy();
    expect(within(tile).queryByText('No order running')).toBeNull();
  });

  it('does not let the age of a state grow once the data are stale', () => {
    chooseLanguage('en');
    const tile = show({ status: 'down', since: '2026-11-22T10:00:00Z' }, Date.parse('2026-11-22T10:05:00Z'));
    expect(within(tile).getByText('5m 0s')).toBeTruthy();
  });
});
