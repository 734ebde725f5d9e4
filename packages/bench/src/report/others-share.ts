import { percent } from "../numbers.js";
import type { Compared } from "../run/rounds.js";
import { spread } from "../statistics.js";

/** A sentence about how much other processes disturbed the runs. Empty if that is unknown. */
export function othersShare({ rounds }: Compared): string {
  const runs = Object.values(rounds).flatMap((all) => all.flatMap(({ runs }) => Object.values(runs)));
  const shares = runs.flatMap(({ others }) => others ?? []);
  if (shares.length === 0) return "";
  const { median, most } = spread(shares);
  return `Others took ${percent(median)} of the machine's CPU time during a run in the median, and ${percent(most)} at the most.`;
}
