import { contenderNames } from "../contenders/index.js";
import { duration, micros, size, whole } from "../numbers.js";
import type { Times } from "../probes/caller.js";
import type { Probed } from "../run/probes.js";
import type { Results } from "../run/results.js";
import { spread } from "../statistics.js";
import { markdownTable } from "./tables.js";

/** Sections about Muove by itself, and about the start-up time of each contender. */
export function alonePage({ compared, alone }: Results): string {
  const opening = contenderNames.flatMap((name) => {
    const rounds = compared.rounds[name] ?? [];
    return rounds.length === 0 ? [] : [[name, duration(spread(rounds.map(({ openAfter }) => openAfter)).median)]];
  });
  const start = `## From the start of a process to an open service

${markdownTable(["", "median"], opening)}`;
  return alone === undefined ? start : [absence(alone), memory(alone), start, imports(alone)].join("\n\n");
}

function absence({ absent, unreachable, overloaded, buried }: Probed): string {
  const row = (name: string, { p50, p99 }: Times): readonly string[] => [name, duration(p50), duration(p99)];
  return `## When nobody answers

From the call to its outcome, one call after the other:

${markdownTable(
  ["", "p50", "p99"],
  [row("`absent`", absent), row("`overloaded`", overloaded), row("`unreachable`", unreachable)],
)}

Casts to nobody become dead letters at ${whole(buried.perSecond)} per second, ${micros(buried.cpu)} µs of their sender's CPU time for each; for casts that arrive, see above.`;
}

function memory({ held, mailboxes, growth }: Probed): string {
  const thousand = (bytes: number): string => size(bytes * 1_000);
  return `## Memory

Heap and buffers after a forced collection.

${markdownTable(
  ["", "where it is served", "where it is called"],
  [
    [`a call in flight, of ${whole(held.calls)}`, size(held.service), size(held.caller)],
    [
      `a mailbox of one call and one cast, of ${whole(mailboxes.count)}`,
      size(mailboxes.served),
      size(mailboxes.addressed),
    ],
    ["a thousand such mailboxes", thousand(mailboxes.served), thousand(mailboxes.addressed)],
    [`growth over ${whole(growth.calls)} calls`, size(growth.service), size(growth.caller)],
  ],
)}`;
}

function imports({ imports }: Probed): string {
  return `## What an import loads

JavaScript modules, dependencies included; the files are in the system's cache.

${markdownTable(
  ["", "modules", "size", "time"],
  Object.entries(imports).map(([name, { modules, bytes, ms }]) => [name, whole(modules), size(bytes), duration(ms)]),
)}`;
}
