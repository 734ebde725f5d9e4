import type { Begun, Ended, Record, Started } from "./records.js";

/** Something that a caller was told, or not told, and that was not so. */
export interface Lie {
  readonly what: string;
  readonly evidence: readonly Record[];
}

export interface Verdict {
  readonly lies: readonly Lie[];
  /** How many calls and casts ended how, such as `{ "once: ok": 90 }`. */
  readonly counts: Readonly<{ [outcome: string]: number }>;
}

/** How much longer than the longest deadline an outcome may take, in ms, where the machine is slow. */
const longest = 1_500 + 10_000;

interface Case {
  readonly begun: Begun;
  readonly ended: Ended[];
  readonly started: Started[];
}

/**
 * Holds what callers were told against what workers did.
 *
 * VERDICT-1 Every call ends, once, and not long after its deadline.
 * VERDICT-2 What was told as `delivered: "no"` (be it refused, not sent, cancelled, or a dead letter) was never
 *   started.
 * VERDICT-3 What may not be repeated was started once at the most.
 * VERDICT-4 What is told as `delivered: "yes"` was started; what is ok, by the worker that is said to have answered.
 */
export function judge(records: readonly Record[]): Verdict {
  const cases = casesOf(records);
  const lies = [...cases.values()].flatMap((made) => {
    const found = lieIn(made);
    return found === undefined ? [] : [{ what: found, evidence: [made.begun, ...made.ended, ...made.started] }];
  });
  return { lies, counts: countsOf([...cases.values()]) };
}

function casesOf(records: readonly Record[]): Map<string, Case> {
  const cases = new Map<string, Case>();
  for (const record of records)
    if (record.type === "begun") cases.set(record.id, { begun: record, ended: [], started: [] });
  for (const record of records) {
    if (record.type === "ended") cases.get(record.id)?.ended.push(record);
    if (record.type === "started") cases.get(record.id)?.started.push(record);
  }
  return cases;
}

function lieIn({ begun: { how }, ended: [ended, ...more], started }: Case): string | undefined {
  if (ended === undefined && how !== "tell") return "a call without an outcome (VERDICT-1)";
  if (more.length > 0) return "it ended more than once (VERDICT-1)";
  if (ended !== undefined && ended.ms > longest) return "its outcome came long after its deadline (VERDICT-1)";
  if (ended?.delivered === "no" && started.length > 0)
    return `told as ${ended.outcome}, and it was started (VERDICT-2)`;
  if (how !== "repeated" && started.length > 1)
    return "it may not be repeated, and was started more than once (VERDICT-3)";
  if (ended?.delivered === "yes" && started.length === 0)
    return `told as ${ended.outcome}, and never started (VERDICT-4)`;
  if (ended?.outcome === "ok" && !started.some(({ by }) => by === ended.by))
    return "ok, and the worker that answered never started it (VERDICT-4)";
  return undefined;
}

function countsOf(cases: readonly Case[]): { [outcome: string]: number } {
  const counts: { [outcome: string]: number } = {};
  for (const { begun, ended } of cases) {
    const outcome = `${begun.how}: ${ended[0]?.outcome ?? "no dead letter"}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)));
}
