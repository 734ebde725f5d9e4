import { performance } from "../timers.js";
import type { ConsumerConfig } from "./consumer-config.js";
import { isEmpty, said } from "./shapes.js";
import { goDuration, milliseconds } from "./units.js";

/** A request for messages that waits at a consumer. Times are on the monotonic clock, in ms. */
export interface PullRequest {
  /** The subject that messages go to, as a key. */
  readonly reply: string;
  /** How many messages it still may get. */
  left: number;
  /** How many it has got. */
  sent: number;
  /** How many bytes it still may get; 0 for no limit. */
  bytes: number;
  readonly noWait: boolean;
  /** When it ends; infinite if it says nothing of it. */
  readonly expires: number;
  /** How often it hears that it still waits; 0 for never. */
  readonly heartbeat: number;
  heartbeatAt: number;
}

/** What is wrong with a request, as a status says it. */
export type Unreadable = string;

/** Reads a request: nothing for one message, a number, or JSON. */
export function readPullRequest(reply: string, body: Buffer): PullRequest | Unreadable {
  const text = body.toString("latin1").trim();
  if (!text.startsWith("{")) return request(reply, /^\+?\d{1,9}$/.test(text) ? Number(text) : 1);
  const fields = isEmpty(body) ? {} : said("next", body);
  if (fields === undefined) return "invalid JSON";
  const { batch = 0, max_bytes: bytes = 0, no_wait: noWait = false } = fields;
  const { expires = 0, idle_heartbeat: heartbeat = 0 } = fields as { expires?: number; idle_heartbeat?: number };
  if (heartbeat > 0 && heartbeat * 2 > expires) return "heartbeat value too large";
  const now = performance.now();
  return {
    ...request(reply, batch as number),
    bytes: bytes as number,
    noWait: noWait as boolean,
    expires: expires === 0 ? Number.POSITIVE_INFINITY : now + milliseconds(expires),
    heartbeat: Math.max(0, milliseconds(heartbeat)),
    heartbeatAt: heartbeat > 0 ? now + milliseconds(heartbeat) : Number.POSITIVE_INFINITY,
  };
}

/** Why a consumer does not take a request, as a status says it. */
export function beyondLimits({ left, expires, bytes }: PullRequest, config: ConsumerConfig): string | undefined {
  const { max_batch = 0, max_expires = 0, max_bytes = 0 } = config;
  if (max_batch > 0 && left > max_batch) return `409 Exceeded MaxRequestBatch of ${max_batch}`;
  const latest = performance.now() + milliseconds(max_expires);
  if (max_expires > 0 && Number.isFinite(expires) && expires > latest) {
    return `409 Exceeded MaxRequestExpires of ${goDuration(max_expires)}`;
  }
  return max_bytes > 0 && bytes > max_bytes ? `409 Exceeded MaxRequestMaxBytes of ${max_bytes}` : undefined;
}

const request = (reply: string, left: number): PullRequest => ({
  reply,
  left,
  sent: 0,
  bytes: 0,
  noWait: false,
  expires: Number.POSITIVE_INFINITY,
  heartbeat: 0,
  heartbeatAt: Number.POSITIVE_INFINITY,
});
