import { performance as clock } from "node:perf_hooks";
import * as timers from "node:timers";
import * as promises from "node:timers/promises";

// All time in this package comes from here. These are the functions of the moment when this module was loaded, so fake
// timers in somebody's test (vitest, Jest, Sinon) do not stop or shift what runs on real sockets. `timers.test.ts` and
// a lint rule keep every other file from the global ones.

export const { setTimeout, clearTimeout, setImmediate } = timers;

/** Resolves after a time in ms. */
export const sleep = promises.setTimeout;

const { now } = clock;
/** The monotonic clock. */
export const performance = { now: (): number => now.call(clock) };

const { now: epoch } = Date;
/** The time of day in ms since the epoch. */
export const wallClock = { now: (): number => epoch() };
