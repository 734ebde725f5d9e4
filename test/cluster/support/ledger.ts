import { existsSync, readFileSync } from "node:fs";
import { type Bus, type CallOptions, connect, type Outcome } from "muove";
import { connected } from "../../failures/support/bus.js";
import { type Load, load, tally } from "../../failures/support/load.js";
import { worker } from "../../services/contract.js";

/** A call that the worker writes into its journal, and its outcome. */
export interface Entry {
  readonly text: string;
  readonly outcome: Outcome<unknown>;
  /** By `performance.now()`. */
  readonly begun: number;
  readonly ended: number;
}

/** A caller with its load. */
export interface Caller {
  readonly bus: Bus;
  readonly calls: Load<Entry>;
}

/** Starts a caller on one server, which learns of the others by gossip, and its load in parallel lanes. */
export async function startCaller(
  name: string,
  server: { readonly url: string },
  lanes: number,
  options: CallOptions = {},
): Promise<Caller> {
  const bus = connect({ service: name, servers: server.url, logger: false });
  await connected(bus);
  const calls = load(lanes, async (i): Promise<Entry> => {
    const text = `${name} ${i}`;
    const begun = performance.now();
    const outcome = await bus.to(worker).record({ text }, options);
    return { text, outcome, begun, ended: performance.now() };
  });
  return { bus, calls };
}

export const outcomesOf = (entries: readonly Entry[]): Record<string, number> =>
  tally(entries.map(({ outcome }) => outcome));

/** The calls whose outcomes do not agree with the journals. */
export function lies(entries: readonly Entry[], journals: readonly string[]): string[] {
  const handled = new Map<string, number>();
  for (const text of journals.flatMap(linesOf)) handled.set(text, (handled.get(text) ?? 0) + 1);
  return entries.flatMap(({ text, outcome }) => {
    const times = handled.get(text) ?? 0;
    const { status, delivered } = outcome;
    if (times > 1) return [`${text} was handled ${times} times`];
    if (status === "ok" && times === 0) return [`${text} is ok, but nobody handled it`];
    if (delivered === "no" && times > 0) return [`${text} ended as not delivered, but was handled`];
    return [];
  });
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
}
