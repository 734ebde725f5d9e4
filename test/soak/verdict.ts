import type { Begun, Ended, Record, Started } from "./records.js";
import { countsOf, type Verdict } from "./run.js";

/** How long an outcome may take, in ms: the longest deadline, and more for a slow machine. */
const longest = 1_500 + 10_000;

interface Case {
  readonly begun: Begun;
  readonly ended: Ended[];
  readonly started: Started[];
}

/**
 * Checks the outcomes of callers against what the workers did.
 *
 * VERDICT-1 Every call ends once, and not long after its deadline.
 * VERDICT-2 A call or cast that ended with `delivered: "no"` (refused, not sent, cancelled, or a dead letter) was never
 *   started.
 * VERDICT-3 A call or cast that may not be repeated was started once at most.
 * VERDICT-4 A call that ended with `delivered: "yes"` was started; if it is ok, by the worker that answered.
 */
export function judge(records: readonly Record[]): Verdict {
  const cases = casesOf(records);
  const lies = [...cases.values()].flatMap((made) => {
    const found = lieIn(made);
    return found === undefined ? [] : [{ what: found, evidence: [made.begun, ...made.ended, ...made.started] }];
  });
  return { lies, counts: countsOf([...cases.values()].map(outcomeOf)) };
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
    return `it ended as ${ended.outcome}, but was started (VERDICT-2)`;
  if (how !== "repeated" && started.length > 1)
    return "it may not be repeated, but was started more than once (VERDICT-3)";
  if (ended?.delivered === "yes" && started.length === 0)
    return `it ended as ${ended.outcome}, but was never started (VERDICT-4)`;
  if (ended?.outcome === "ok" && !started.some(({ by }) => by === ended.by))
    return "it is ok, but the worker that answered never started it (VERDICT-4)";
  return undefined;
}

const outcomeOf = ({ begun, ended }: Case): string => `${begun.how}: ${ended[0]?.outcome ?? "no dead letter"}`;
