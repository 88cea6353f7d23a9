/** The loss waterfall: from planned busy time over what was lost down to what was well used. */
import type { Loss, Losses } from './data';

/** A bar between two places of the planned busy time. `others`: the smaller stops together. `effective`: what is left. */
export type Step = {
  key: string;
  kind: 'busy' | 'stop' | 'others' | 'speed' | 'scrap' | 'effective';
  state?: Loss['state'];
  reason?: string | undefined;
  name?: string | undefined;
  fromMs: number;
  toMs: number;
  durationMs: number;
  /** Of stops; of others the causes. */
  count: number;
};

export function lossKey({ kind, state, reason }: Pick<Loss, 'kind' | 'state' | 'reason'>): string {
  if (kind !== 'stop') return kind;
  return reason === undefined ? `${state ?? ''}?` : `${state ?? ''}:${reason}`;
}

/** Stops first, the largest first, then speed, then scrap, as OEE multiplies them. At most `most` stops have a bar of their own. */
export function waterfall({ planned_busy_ms: busy, items }: Losses, most: number): Step[] {
  const stops = items.filter(({ kind }) => kind === 'stop').sort((a, b) => b.duration_ms - a.duration_ms);
  // One that is left over has its own bar rather than one that says "others".
  const cut = stops.length <= most + 1 ? stops.length : most;
  const small = stops.slice(cut);
  const others = small.length === 0 ? [] : [{ key: 'others', kind: 'others' as const, durationMs: small.reduce((total, loss) => total + loss.duration_ms, 0), count: small.length }];
  const own = (loss: Loss) => ({ key: lossKey(loss), kind: loss.kind, state: loss.state, reason: loss.reason, name: loss.name, durationMs: loss.duration_ms, count: loss.count });
  const lost = [...stops.slice(0, cut).map(own), ...others, ...(['speed', 'scrap'] as const).flatMap((kind) => items.filter((loss) => loss.kind === kind).map(own))];
  let left = busy;
  const steps = lost.map((loss): Step => {
    const toMs = left;
    left = Math.max(0, left - loss.durationMs);
    return { ...loss, fromMs: left, toMs };
  });
  const whole = { fromMs: 0, count: 0 };
  return [{ key: 'busy', kind: 'busy', ...whole, toMs: busy, durationMs: busy }, ...steps, { key: 'effective', kind: 'effective', ...whole, toMs: left, durationMs: left }];
}
