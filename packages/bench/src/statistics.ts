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

function middle(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  const [upper = Number.NaN, lower = upper] = [sorted[half], sorted[half - 1]];
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2;
}
