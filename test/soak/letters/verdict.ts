import { countsOf, type Verdict } from "../run.js";
import { Absences } from "./absences.js";
import { tries } from "./contract.js";
import type { Begun, Dead, Finished, LetterRecord, Receipt, Started } from "./records.js";

/** How long a receipt may take, in ms: the default timeout, and more for a slow machine. */
const longest = 5_000 + 10_000;

/** All that is known of one letter, by time. */
interface Case {
  readonly id: string;
  readonly begun: Begun[];
  readonly receipts: Receipt[];
  readonly starts: Started[];
  readonly ends: Map<string, Finished>;
  readonly deaths: Dead[];
}

/**
 * Checks what senders were told of letters, and what owners did with them.
 *
 * MAIL-VERDICT-1 Each sending has one receipt, in time, unless its sender was killed.
 * MAIL-VERDICT-2 A letter that was stored was handled, or is dead.
 * MAIL-VERDICT-3 A letter of which every receipt says `no` is nowhere.
 * MAIL-VERDICT-4 A letter is begun again, or dies, only after a failure or because its holder was gone or the store had
 *   restarted.
 * MAIL-VERDICT-5 A dead letter says truly why: its last handler failed, or buried it, or its holders were lost.
 */
export function judge(records: readonly LetterRecord[]): Verdict {
  const cases = casesOf(records);
  const absences = new Absences(records);
  const lies = cases.flatMap((made) => {
    const found = lieIn(made, absences);
    return found === undefined ? [] : [{ what: found, evidence: evidenceOf(made, absences) }];
  });
  return { lies, counts: countsOf(cases.map(outcomeOf)) };
}

function casesOf(records: readonly LetterRecord[]): Case[] {
  const cases = new Map<string, Case>();
  const caseOf = (id: string): Case => {
    const found = cases.get(id) ?? { id, begun: [], receipts: [], starts: [], ends: new Map(), deaths: [] };
    cases.set(id, found);
    return found;
  };
  for (const record of records) {
    if (record.type === "begun") caseOf(record.id).begun.push(record);
    else if (record.type === "receipt") caseOf(record.id).receipts.push(record);
    else if (record.type === "started") caseOf(record.id).starts.push(record);
    else if (record.type === "finished") caseOf(record.id).ends.set(record.run, record);
    else if (record.type === "dead") caseOf(record.id).deaths.push(record);
  }
  for (const { starts } of cases.values()) starts.sort((a, b) => a.at - b.at);
  return [...cases.values()];
}

function lieIn(made: Case, absences: Absences): string | undefined {
  return (
    wrongReceipt(made, absences) ??
    (isStored(made) && !isHandled(made) && made.deaths.length === 0
      ? "it was stored, and is lost (MAIL-VERDICT-2)"
      : undefined) ??
    (isRefused(made) && steps(made) > 0
      ? "no receipt says that it may be stored, but it was (MAIL-VERDICT-3)"
      : undefined) ??
    (isDoubled(made, absences) ? "it came again without a cause (MAIL-VERDICT-4)" : undefined) ??
    wrongDeath(made)
  );
}

function wrongReceipt({ id, begun, receipts }: Case, absences: Absences): string | undefined {
  if (begun.length === 0) return "nobody sent it (MAIL-VERDICT-1)";
  const late = receipts.some(({ at }, i) => at - (begun[i]?.at ?? 0) > longest);
  if (late) return "a receipt came long after its time (MAIL-VERDICT-1)";
  if (begun.length === receipts.length) return undefined;
  const { at } = begun.at(-1) as Begun;
  const [sender = ""] = id.split("-");
  const killed = begun.length === receipts.length + 1 && absences.killed(sender, { from: at, to: at + longest });
  return killed ? undefined : "a sending has no receipt, or several (MAIL-VERDICT-1)";
}

const isStored = ({ receipts }: Case): boolean => receipts.some(({ said }) => said === "stored");
const isRefused = ({ begun, receipts }: Case): boolean =>
  begun.length === receipts.length && receipts.every(({ said }) => said === "no");
const isHandled = ({ ends }: Case): boolean => [...ends.values()].some(({ how }) => how === "handled");
const steps = ({ starts, deaths }: Case): number => starts.length + deaths.length;

/** The first step needs no cause; every other one has one in a step before it. */
function isDoubled(made: Case, absences: Absences): boolean {
  const { begun, starts, deaths } = made;
  const times = [...starts, ...deaths].map(({ at }) => at).sort((a, b) => a - b);
  return times.some((at, step) => {
    if (absences.restarted({ from: begun[0]?.at ?? 0, to: at })) return false;
    const before = starts.slice(0, step).filter((start) => start.at <= at);
    const late = starts.filter((start) => start.at <= at && absences.late(start.owner, start.at)).length;
    return step > before.reduce((causes, start) => causes + causesIn(made, start, at, absences), late);
  });
}

/** How many steps this one may have led to, before `until`. */
function causesIn({ ends }: Case, { run, owner, at: from }: Started, until: number, absences: Absences): number {
  const { how, at } = ends.get(run) ?? {};
  const ended = how === "aborted" && absences.ended(owner, { from, to: at ?? until });
  const failed = how === "failed" || how === "later" || how === "buried" || ended;
  return (failed ? 1 : 0) + (absences.gone(owner, from, at, until) ? 1 : 0);
}

function wrongDeath({ starts, ends, deaths }: Case): string | undefined {
  const hows = [...ends.values()].map(({ how }) => how);
  const [death] = deaths;
  if (death === undefined) return undefined;
  const isTrue =
    (death.reason === "failed" && hows.includes("failed") && starts.some(({ attempt }) => attempt >= tries)) ||
    (death.reason === "buried" && hows.includes("buried")) ||
    death.reason === "lost";
  return isTrue ? undefined : `it is dead as ${death.reason}, which is not what happened (MAIL-VERDICT-5)`;
}

function evidenceOf({ begun, receipts, starts, ends, deaths }: Case, absences: Absences): object[] {
  const own = [...begun, ...receipts, ...starts, ...ends.values(), ...deaths].sort((a, b) => a.at - b.at);
  const span = { from: (own[0]?.at ?? 0) - longest, to: own.at(-1)?.at ?? 0 };
  return [...own, ...absences.of([...new Set(starts.map(({ owner }) => owner))], span)];
}

function outcomeOf(made: Case): string {
  const told = isStored(made) ? "stored" : isRefused(made) ? "no" : "maybe, or its sender was killed";
  const [death] = made.deaths;
  const ended = death !== undefined ? `dead, ${death.reason}` : isHandled(made) ? "handled" : "nowhere";
  const failures = [...made.ends.values()].filter(({ how }) => how !== "handled" && how !== "aborted").length;
  const more = steps(made) > 1 + failures ? ", and came again" : "";
  return `${told}: ${ended}${more}`;
}
