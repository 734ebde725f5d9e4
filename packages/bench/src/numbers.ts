import type { Spread } from "./statistics.js";

// Formats numbers for people.

export const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** A time in ms, to two digits or so. */
export function duration(ms: number): string {
  if (ms < 0.1) return `${(ms * 1_000).toFixed(ms < 0.01 ? 1 : 0)} µs`;
  if (ms < 10) return `${ms.toFixed(ms < 1 ? 2 : 1)} ms`;
  return `${whole(ms)} ms`;
}

export function size(bytes: number): string {
  const [value, unit] = Math.abs(bytes) < 2 ** 20 ? [bytes / 1_024, "KiB"] : [bytes / 2 ** 20, "MiB"];
  return `${value.toFixed(Math.abs(value) < 10 ? 2 : 1)} ${unit}`;
}

export const percent = (share: number): string => `${Math.round(share * 100)}%`;

export const micros = (value: number): string => value.toFixed(value < 100 ? 1 : 0);

/** A ratio with its spread over the rounds. */
export function ratio({ median, least, most }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}
