import { micros } from "../numbers.js";
import { textTable } from "../report/tables.js";
import type { Run } from "../run/pair.js";
import { medianInterval, spread } from "../statistics.js";
import { type Comparison, ends } from "./pairs.js";

const head = ["CPU µs of a call", "before", "after", "after / before", "95% interval"];
const rows: readonly { readonly name: string; readonly of: (run: Run) => number | undefined }[] = [
  { name: "caller", of: ({ cpu }) => cpu.caller },
  { name: "service", of: ({ cpu }) => cpu.service },
  { name: "caller and service", of: ends },
  { name: "nats-server", of: ({ cpu }) => cpu.server },
];

/** Medians of both builds, and of the ratios of the pairs. */
export function table(comparisons: readonly Comparison[]): string {
  return textTable([head, ...rows.flatMap(({ name, of }) => row(name, of, comparisons))]);
}

function row(name: string, of: (run: Run) => number | undefined, comparisons: readonly Comparison[]): string[][] {
  const before = comparisons.flatMap((comparison) => of(comparison.before) ?? []);
  const after = comparisons.flatMap((comparison) => of(comparison.after) ?? []);
  if (before.length < comparisons.length || after.length < comparisons.length) return [];
  const quotients = after.map((value, i) => value / (before[i] ?? Number.NaN));
  const { least, most } = medianInterval(quotients);
  const [then, now] = [before, after].map((values) => micros(spread(values).median));
  const interval = `${least.toFixed(3)} to ${most.toFixed(3)}`;
  return [[name, then ?? "", now ?? "", spread(quotients).median.toFixed(3), interval]];
}
