import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { onAbort } from "../base/on-abort.js";
import { clearTimeout, setTimeout } from "../base/timers.js";
import { signalRule } from "../call/call-options.js";
import type { Core } from "./parts.js";

export interface ConnectedOptions {
  /** How long to wait, in ms. Default 10,000. */
  readonly timeout?: number | undefined;
  /** Ends the waiting when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** See `Bus.connected`. */
export function whenConnected({ link, events }: Core, options: ConnectedOptions): Promise<boolean> {
  const problems = optionProblems(options, { timeout: rules.milliseconds, signal: signalRule });
  if (problems.length > 0) throw new InvalidOptions("The options of connected()", problems);
  const { timeout = 10_000, signal } = options;
  if (link.up || link.closed || signal?.aborted) return Promise.resolve(link.up && !link.closed);
  return new Promise((resolve) => {
    const end = (connected: boolean): void => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      resolve(connected);
    };
    const timer = setTimeout(end, timeout, false);
    const stops = [events.on("connected", () => end(true)), events.on("closed", () => end(false))];
    if (signal !== undefined) stops.push(onAbort(signal, () => end(false)));
  });
}
