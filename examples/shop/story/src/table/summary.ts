import { limit } from "../script/unlike.js";
import type { Tally } from "../shop/background-asker.js";
import type { Ink } from "./ink.js";

export interface Ending {
  readonly tally: Tally;
  readonly counts: { readonly degraded: number; readonly deadLetters: number } | undefined;
  /** Steps that were as expected, out of all. */
  readonly held: number;
  readonly steps: number;
  /** Where the logs are. */
  readonly logs: string;
  /** How long everything took, in ms. */
  readonly took: number;
}

/** Whether the page was there for everybody all the time. */
export const alwaysThere = ({ bad, worst, asked }: Tally): boolean => asked > 0 && bad === 0 && worst < limit;

export const heldThroughout = ({ held, steps, tally }: Ending): boolean => held === steps && alwaysThere(tally);

/** The summary of the story, in a few lines. */
export function summary(ending: Ending, ink: Ink): string {
  const { tally, counts, held, steps, took, logs } = ending;
  const asked = `${tally.asked} requests meanwhile: ${tally.bad} other than 200, slowest ${Math.round(tally.worst)} ms (limit ${limit} ms)`;
  const verdict = `${held} of ${steps} steps as expected, in ${(took / 1_000).toFixed(1)} s`;
  return [
    `  background  ${alwaysThere(tally) ? ink.good(asked) : ink.bad(asked)}`,
    ...(counts
      ? [
          `  storefront  ${counts.degraded} answers by fallbacks, ${counts.deadLetters} casts that reached nobody (dead letters)`,
        ]
      : []),
    `  logs        ${logs}`,
    `  verdict     ${heldThroughout(ending) ? ink.good(verdict) : ink.bad(verdict)}`,
  ].join("\n");
}
