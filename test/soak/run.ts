import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";

/** Something that must not be, and the records that show it. */
export interface Lie {
  readonly what: string;
  readonly evidence: readonly object[];
}

export interface Verdict {
  readonly lies: readonly Lie[];
  /** How many messages ended in each way, such as `{ "once: ok": 90 }`. */
  readonly counts: Readonly<{ [outcome: string]: number }>;
}

/** What every soak can be told on its command line. Default: 300 seconds, any seed, all faults. */
const common = { seconds: { type: "string" }, seed: { type: "string" }, only: { type: "string" } } as const;

/** Reads the command line, and makes a folder for the records. @param known the names of faults. @param own options. */
export function optionsOf<Own extends NonNullable<ParseArgsConfig["options"]>>(known: readonly string[], own: Own) {
  const { values } = parseArgs({ options: { ...own, ...common } });
  const { seconds = "300", seed, only } = values as { readonly [name in keyof typeof common]?: string };
  const faults = only?.split(",") ?? known;
  const unknown = faults.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no such fault: ${unknown.join(", ")}; there are ${known.join(", ")}`);
  return {
    seconds: Number(seconds),
    seed: Number(seed ?? Math.floor(Math.random() * 1_000_000)),
    faults,
    folder: mkdtempSync(join(tmpdir(), "muove-soak-")),
    values: values as { readonly [name in keyof Own]?: string | boolean },
  };
}

/** Prints how often each fault was injected. */
export function tellFaults(injected: { readonly [name: string]: number }): void {
  const counts = Object.entries(injected).map(([name, count]) => `${name} ${count}`);
  console.log(`Faults: ${counts.join(", ")}`);
}

/** Prints the verdict. The records of a soak without lies are deleted; otherwise this process fails. */
export function tell({ lies, counts }: Verdict, seed: number, folder: string): void {
  for (const [outcome, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)} ${outcome}`);
  if (lies.length === 0) {
    rmSync(folder, { recursive: true });
    return console.log(`No lies, seed ${seed}`);
  }
  for (const { what, evidence } of lies.slice(0, 20)) {
    console.log(`LIE: ${what}`);
    for (const record of evidence) console.log(`  ${JSON.stringify(record)}`);
  }
  console.log(`${lies.length} lies, seed ${seed}; all records are in ${folder}`);
  process.exitCode = 1;
}

/** How many there are of each kind, by its name. */
export function countsOf(kinds: readonly string[]): { [kind: string]: number } {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}
