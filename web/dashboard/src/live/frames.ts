/** The frames of sub-protocol `topsteel.v1`: their types, and the check of what arrives. */
import { z } from '../zod';
import { isJsonObject, type JsonObject } from './merge';

/** An epoch is opaque: a new one means that the topic's numbering started afresh. */
export type Epoch = number | string;

export type ClientFrame =
  | { type: 'auth'; token: string }
  | { type: 'subscribe'; topic: string; since?: { epoch: Epoch; seq: number } }
  | { type: 'unsubscribe'; topic: string }
  | { type: 'ping' };

export type SnapshotFrame = { type: 'snapshot'; topic: string; epoch: Epoch; seq: number; at: number; data: JsonObject; reset?: string | undefined };
export type DeltaFrame = { type: 'delta'; topic: string; epoch: Epoch; seq: number; prev: number; at: number; data: JsonObject };
export type ResumedFrame = { type: 'resumed'; topic: string; epoch: Epoch; seq: number };
export type ErrorFrame = { type: 'error'; topic?: string | undefined; code: string; detail: string };
export type TopicFrame = SnapshotFrame | DeltaFrame | ResumedFrame;
export type ServerFrame =
  | TopicFrame
  | ErrorFrame
  | { type: 'ready'; server_time: number }
  | { type: 'pong'; server_time: number }
  | { type: 'closing'; code: string; retry_after_ms: number | null };

/** Why a text could not be taken as a frame. An unknown type may come from a newer hub and is not an error. */
export type FrameFault = { type: 'fault'; reason: 'malformed' | 'unknown_type'; detail: string };

const instant = z.union([
  z.number(),
  z.string().transform((text, context) => {
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) context.addIssue({ code: 'custom', message: 'not a time' });
    return ms;
  }),
]);
const epoch = z.union([z.number(), z.string()]);
const seq = z.int().min(0);
const topic = z.string();
// Data is checked by the view that shows it; here it only has to be an object, and is not walked.
const data = z.custom<JsonObject>(isJsonObject, 'not an object');

const serverFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), topic, epoch, seq, at: instant, data, reset: z.string().optional() }),
  z.object({ type: z.literal('delta'), topic, epoch, seq, prev: seq, at: instant, data }),
  z.object({ type: z.literal('resumed'), topic, epoch, seq }),
  z.object({ type: z.literal('error'), topic: topic.optional(), code: z.string(), detail: z.string().default('') }),
  z.object({ type: z.literal('ready'), server_time: instant }),
  z.object({ type: z.literal('pong'), server_time: instant }),
  z.object({
    type: z.literal('closing'),
    code: z.union([z.string(), z.number().transform(String)]),
    retry_after_ms: z.number().min(0).nullish().transform((ms) => ms ?? null),
  }),
]);
const knownTypes = new Set(['snapshot', 'delta', 'resumed', 'error', 'ready', 'pong', 'closing']);

/** Parses one text frame. Times become epoch milliseconds. */
export function parseFrame(text: string): ServerFrame | FrameFault {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { type: 'fault', reason: 'malformed', detail: 'not JSON' };
  }
  const result = serverFrame.safeParse(json);
  if (result.success) return result.data;
  const type = isJsonObject(json) ? json['type'] : undefined;
  if (typeof type === 'string' && !knownTypes.has(type)) return { type: 'fault', reason: 'unknown_type', detail: type };
  return { type: 'fault', reason: 'malformed', detail: z.prettifyError(result.error) };
}
