/** What a kiosk shows and when it turns to the next: pure, the time is an argument. */

export type Slide = { view: 'board'; site: string } | { view: 'alerts' };
export const VIEWS = ['board', 'alerts'] as const;

/** Who touches the board wants to read it: it stays for this long after the last touch. */
export const HOLD_MS = 60_000;
/** The next board is fetched this long before its turn, so that it is there at once. */
export const PRELOAD_MS = 5_000;
const SAME_TOUCH_MS = 1_000;
const DWELL_S = { least: 5, normal: 30, most: 3_600 };

export type Plan = { slides: readonly Slide[]; dwellMs: number };

/** Reads `sites=a,b&dwell=30&view=board,alerts`; without `sites` every site the user sees is shown. */
export function planOf(params: URLSearchParams, known: readonly string[]): Plan {
  const wanted = words(params.get('sites'));
  const sites = wanted.length === 0 ? known : wanted;
  const named = words(params.get('view'));
  const views = VIEWS.filter((view) => named.includes(view));
  const slides = (views.length === 0 ? ['board' as const] : views).flatMap((view): Slide[] => (view === 'board' ? sites.map((site) => ({ view, site })) : [{ view }]));
  const seconds = Number(params.get('dwell') ?? Number.NaN);
  const dwell = Number.isFinite(seconds) && seconds > 0 ? Math.min(DWELL_S.most, Math.max(DWELL_S.least, seconds)) : DWELL_S.normal;
  return { slides, dwellMs: dwell * 1_000 };
}

function words(list: string | null): string[] {
  return [...new Set((list ?? '').split(',').map((word) => word.trim()).filter((word) => word !== ''))];
}

export type Rotation = {
  index: number;
  endsAt: number;
  /** Held by a touch until then. */
  heldUntil: number | null;
  /** Held by its button until it is pressed again. */
  paused: boolean;
};

export type RotationEvent = { type: 'tick' } | { type: 'touched' } | { type: 'pause' } | { type: 'turn'; by: 1 | -1 };
export type Turning = { now: number; dwellMs: number; count: number };

export function startRotation({ now, dwellMs }: Turning): Rotation {
  return { index: 0, endsAt: now + dwellMs, heldUntil: null, paused: false };
}

export function turn(rotation: Rotation, event: RotationEvent, turning: Turning): Rotation {
  const { now, dwellMs, count } = turning;
  switch (event.type) {
    case 'touched':
      // A moving pointer touches many times a second.
      return rotation.heldUntil !== null && now + HOLD_MS - rotation.heldUntil < SAME_TOUCH_MS ? rotation : { ...rotation, heldUntil: now + HOLD_MS };
    case 'pause':
      return { ...rotation, paused: !rotation.paused, heldUntil: null, endsAt: now + dwellMs };
    case 'turn':
      return { ...rotation, index: shifted(rotation.index, event.by, count), endsAt: now + dwellMs, heldUntil: now + HOLD_MS };
    case 'tick':
      return ticked(rotation, turning);
  }
}

function ticked(rotation: Rotation, { now, dwellMs, count }: Turning): Rotation {
  if (rotation.paused) return rotation;
  if (rotation.heldUntil !== null) return now < rotation.heldUntil ? rotation : { ...rotation, heldUntil: null, endsAt: now + dwellMs };
  // However long the machine slept, one turn is enough.
  return now < rotation.endsAt ? rotation : { ...rotation, index: shifted(rotation.index, 1, count), endsAt: now + dwellMs };
}

/** The position of the slide that is `by` further, also when slides were taken away meanwhile. */
export function shifted(index: number, by: number, count: number): number {
  return count === 0 ? 0 : (((index + by) % count) + count) % count;
}

export function isHeld(rotation: Rotation): boolean {
  return rotation.paused || rotation.heldUntil !== null;
}

/** How long the slide still stays; null while the rotation is held. */
export function remainingMs(rotation: Rotation, now: number): number | null {
  return isHeld(rotation) ? null : Math.max(0, rotation.endsAt - now);
}
