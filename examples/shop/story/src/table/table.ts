import type { Seen, SeenOrder } from "../script/perform.js";
import type { LettersTally } from "../shop/letters.js";
import type { Degradation } from "../shop/page.js";
import type { Ink } from "./ink.js";

/** The widths of: number, step, HTTP status, time, settled; then part, reason, and what is shown instead. */
const widths = { number: 2, step: 24, status: 4, time: 6, settled: 7, part: 15, reason: 12 } as const;
const indent = " ".repeat(4);

/** Where the columns of the degraded parts start. */
const partsAt = widths.number + widths.step + widths.status + widths.time + widths.settled + 2 * 5;

/** The story's table, a row at a time, for 100 columns. */
export class Table {
  readonly #ink: Ink;

  constructor(ink: Ink) {
    this.#ink = ink;
  }

  head(): string {
    const left = cells("#", "after this step", "HTTP", "time", "settled");
    return this.#ink.quiet(`${left}${parts("degraded", "why", "shown instead")}`);
  }

  row(number: number, title: string, { page, settled, orders, letters, problems }: Seen): string {
    const left = cells(`${number}`, title, `${page.status}`, ms(page.ms), short(settled));
    const degraded = Object.entries(page.degraded).map(([name, degradation]) => this.#part(name, degradation));
    const [first = this.#ink.good("nothing"), ...more] = degraded;
    return [
      `${left}${first}`,
      ...more.map((part) => `${" ".repeat(partsAt)}${part}`),
      ...orders.map((order) => this.#order(order)),
      ...(letters.owed > 0 && orders.length > 0 ? [this.#ink.quiet(`${indent}letters: ${cameOf(letters)}`)] : []),
      ...problems.map((problem) => this.#ink.bad(`${indent}NOT AS EXPECTED: ${problem}`)),
    ].join("\n");
  }

  #part(name: string, { reason, source, age }: Degradation): string {
    const instead = source === "last-known" ? `last known, ${wholeSeconds(age ?? 0)}` : source;
    return this.#ink.warn(parts(name, reason, instead));
  }

  #order({ title, answer: { says, letter, status, ms: time } }: SeenOrder): string {
    const promise = letter === undefined ? "" : `, letter ${letter}`;
    return this.#ink.quiet(`${indent}${title}: ${says}${promise} (${status}, ${ms(time)})`);
  }
}

function cells(number: string, step: string, status: string, time: string, settled: string): string {
  return [
    number.padStart(widths.number),
    step.padEnd(widths.step),
    status.padStart(widths.status),
    time.padStart(widths.time),
    settled.padStart(widths.settled),
    "",
  ].join("  ");
}

function parts(name: string, reason: string, instead: string): string {
  return `${name.padEnd(widths.part)}  ${reason.padEnd(widths.reason)}  ${instead}`;
}

/** What became of the letters, in a few words. */
function cameOf({ owed, written, dead, anyKept }: LettersTally): string {
  if (!anyKept) return `nothing here can keep letters, so orders still has ${owed}`;
  const waiting = owed - written - dead;
  const more = [
    ...(dead > 0 ? [`${dead} dead (no such address)`] : []),
    ...(waiting > 0 ? [`${waiting} to come`] : []),
  ];
  return [`${written} of ${owed} written`, ...more].join(", ");
}

const ms = (time: number): string => `${Math.round(time)} ms`;
const short = (time: number): string => (time < 1_000 ? ms(time) : `${(time / 1_000).toFixed(1)} s`);
const wholeSeconds = (time: number): string => (time < 1_000 ? "<1 s" : `${Math.round(time / 1_000)} s`);
