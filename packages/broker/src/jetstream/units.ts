import { wallClock } from "../timers.js";

/** Nanoseconds, the API's unit of time, in a millisecond, ours. */
const perMillisecond = 1e6;

/** The longest timeout of a Node timer, in ms. */
const longestTimer = 2 ** 31 - 1;

/** A duration of the API in ms. */
export const milliseconds = (nanoseconds: number): number => nanoseconds / perMillisecond;

/** A duration in ms that a timer can wait for. What waits longer looks again then. */
export const timerDelay = (ms: number): number => Math.min(Math.max(Math.ceil(ms), 0), longestTimer);

/** The API's time of something that never happened. */
export const never = "0001-01-01T00:00:00Z";

/** A time in ms since the epoch as the API writes it. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.?0*Z$/, "Z");
}

export const now = (): string => timestamp(wallClock.now());

/** A subject as text: keys have one character per byte of UTF-8. */
export const toText = (key: string): string => (isAscii(key) ? key : Buffer.from(key, "latin1").toString("utf8"));

export const toKey = (text: string): string => (isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1"));

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** A duration of the API as Go writes it, such as `1m30s` or `500ms`. */
export function goDuration(nanoseconds: number): string {
  if (nanoseconds < 1e9) return nanoseconds < 1e6 ? `${nanoseconds / 1e3}µs` : `${nanoseconds / 1e6}ms`;
  const seconds = nanoseconds / 1e9;
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const rest = `${Number((seconds % 60).toFixed(9))}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
