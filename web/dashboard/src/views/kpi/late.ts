/** Which events that were recorded after a span are about it: late messages, and what was said about its stops later. */
import { isJsonObject, type JsonValue } from '../../live/merge';
import type { Range } from '../line/timeline/scale';
import type { LogEvent } from './data';

/** When it happened, where the event says so: by the receipt of the message, else by the stop or the moment that it names. */
export function momentOf({ data }: LogEvent): number | null {
  const said = [within(data['receipt'], 'at'), within(data['stop'], 'from'), data['to'], data['at']].find((value) => typeof value === 'string');
  const at = typeof said === 'string' ? Date.parse(said) : NaN;
  return Number.isFinite(at) ? at : null;
}

function within(value: unknown, member: string): JsonValue | undefined {
  return isJsonObject(value) ? (value as Record<string, JsonValue>)[member] : undefined;
}

export function lateOnes(events: readonly LogEvent[], { from, to }: Range): LogEvent[] {
  return events.filter((event) => {
    const at = momentOf(event);
    return at !== null && at >= from && at < to;
  });
}
