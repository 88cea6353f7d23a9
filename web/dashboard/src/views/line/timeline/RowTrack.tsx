/** A machine's row: its name and its band, read state by state with the arrow keys. */
import { type ComponentProps, type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../app/hooks';
import type { Reason } from '../../../stops/api';
import { StateShape } from '../../../ui/shapes';
import type { Machine } from '../data';
import { SIDE, STEP } from './Controls';
import type { Part, Row } from './data';
import { usePartText } from './Readout';
import { pan, type Range, reveal, zoom } from './scale';
import { Track } from './Track';
import type { Point } from './useView';

type RowTrackProps = {
  row: Row;
  parts: readonly Part[];
  machine: Machine | undefined;
  reasons: readonly Reason[];
  timeZone: string | undefined;
  tabbable: boolean;
  track: Omit<ComponentProps<typeof Track>, 'parts'>;
  bounds: Range;
  at: number | null;
  onView: (range: Range) => void;
  onWhole: () => void;
  onPoint: (point: Point | null) => void;
  onSelect: (point: Point) => void;
};

export function RowTrack({ row, parts, machine, reasons, timeZone, tabbable, track, bounds, at, onView, onWhole, onPoint, onSelect }: RowTrackProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const text = usePartText();
  const host = useRef<HTMLDivElement>(null);
  const { view, now } = track;
  const index = at === null ? parts.length - 1 : Math.max(0, parts.findLastIndex(({ from }) => from <= at));
  const part = parts[index];
  const spoken = part === undefined ? t('line.noHistory') : `${text({ part, reasons, timeZone }, now)} · ${formats.clockSeconds(part.from)} – ${part.to === null ? t('stops.lasting') : formats.clockSeconds(part.to)}`;
  const goTo = (next: Part | undefined) => {
    if (next === undefined) return;
    onPoint({ machine: row.machine, at: next.from });
    onView(reveal(view, bounds, { from: next.from, to: next.to ?? now }));
  };
  const moment = part === undefined ? now : Math.min(Math.max(part.from, view.from), view.to);
  const keys: Record<string, () => void> = {
    ArrowLeft: () => { goTo(parts[Math.max(0, index - 1)]); },
    ArrowRight: () => { goTo(parts[Math.min(parts.length - 1, index + 1)]); },
    ArrowUp: () => { neighbour(host.current, -1)?.focus(); },
    ArrowDown: () => { neighbour(host.current, 1)?.focus(); },
    'Shift ArrowLeft': () => { onView(pan(view, bounds, -(view.to - view.from) * SIDE)); },
    'Shift ArrowRight': () => { onView(pan(view, bounds, (view.to - view.from) * SIDE)); },
    PageUp: () => { onView(pan(view, bounds, view.from - view.to)); },
    PageDown: () => { onView(pan(view, bounds, view.to - view.from)); },
    '+': () => { onView(zoom(view, bounds, 1 / STEP, moment)); },
    '-': () => { onView(zoom(view, bounds, STEP, moment)); },
    Home: onWhole,
    End: () => { goTo(parts.at(-1)); },
    Enter: () => { if (part !== undefined) onSelect({ machine: row.machine, at: part.from }); },
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key === '=' ? '+' : event.key === '−' || event.key === '_' ? '-' : event.key === ' ' ? 'Enter' : event.key;
    const act = keys[event.shiftKey && key.startsWith('Arrow') ? `Shift ${key}` : key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <div className="tl-row" data-quality={machine?.quality ?? 'unknown'}>
      <span className="tl-label" title={row.name}>{machine !== undefined && <StateShape state={machine.state} />}<span className="truncate">{row.name}</span></span>
      <div
        ref={host}
        className="tl-track"
        data-track={row.machine}
        data-parts={parts.length}
        data-state={parts.at(-1)?.state}
        role="slider"
        tabIndex={tabbable ? 0 : -1}
        aria-label={t('line.timelineOf', { machine: row.name })}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, parts.length - 1)}
        aria-valuenow={Math.max(0, index)}
        aria-valuetext={spoken}
        onKeyDown={press}
        onFocus={() => { if (at === null && part !== undefined) onPoint({ machine: row.machine, at: part.from }); }}
      >
        <Track parts={parts} {...track} />
      </div>
    </div>
  );
}

/** The row above or below. */
function neighbour(from: HTMLElement | null, by: number): HTMLElement | undefined {
  const rows = [...(from?.closest('.tl-area')?.querySelectorAll<HTMLElement>('[data-track]') ?? [])];
  return from === null ? undefined : rows[rows.indexOf(from) + by];
}
