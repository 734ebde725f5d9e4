import { percent } from "../numbers.js";
import type { Run } from "../run/pair.js";
import { spread } from "../statistics.js";

/** A sentence about how much other processes disturbed the runs. Empty if that is unknown. */
export function othersShare(runs: readonly Run[]): string {
  const shares = runs.flatMap(({ others }) => others ?? []);
  if (shares.length === 0) return "";
  const { median, most } = spread(shares);
  return `Others took ${percent(median)} of the machine's CPU time during a run in the median, and ${percent(most)} at the most.`;
}
