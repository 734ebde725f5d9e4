/** The median of several measurements, and their spread. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws if there are none. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new Error("nothing was measured");
  return { median: middle(sorted), least, most };
}

/** Compares two contenders round by round, because disturbances in a round affect both. */
export function ratios(ones: readonly number[], others: readonly number[]): Spread {
  const rounds = Math.min(ones.length, others.length);
  return spread(
    Array.from({ length: rounds }, (_, round) => (ones[round] ?? Number.NaN) / (others[round] ?? Number.NaN)),
  );
}

/** With fewer values than this not even the whole range is an interval of that certainty. */
export const fewestForInterval = 6;

/**
 * The interval in which their true median lies with at least 95% certainty, whatever their distribution. Each value is as
 * likely above the true median as below it, so how many are below is binomially distributed.
 */
export function medianInterval(values: readonly number[]): Omit<Spread, "median"> {
  const sorted = values.toSorted((a, b) => a - b);
  let outside = 0;
  let chance = 0.5 ** sorted.length;
  for (let tail = chance; tail <= 0.025; tail += chance) {
    outside++;
    chance *= (sorted.length - outside + 1) / outside;
  }
  const [least, most] = [sorted[outside - 1], sorted[sorted.length - outside]];
  if (least === undefined || most === undefined) throw new Error(`${values.length} values are too few for an interval`);
  return { least, most };
}

function middle(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  const [upper = Number.NaN, lower = upper] = [sorted[half], sorted[half - 1]];
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2;
}
