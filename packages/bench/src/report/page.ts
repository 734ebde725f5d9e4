import { percent } from "../numbers.js";
import type { About, Results } from "../run/results.js";
import { allRuns, disturbed } from "../run/rounds.js";
import { scenarios } from "../run/scenarios.js";
import { alonePage } from "./alone-page.js";
import { contendersPage } from "./contenders-page.js";
import { directSection } from "./direct-section.js";
import { othersShare } from "./others-share.js";
import { scenarioHead, scenarioRows } from "./scenario-rows.js";
import { markdownTable } from "./tables.js";
import { targets } from "./targets.js";

/** Descriptions of the scenarios. */
const titles: Readonly<Record<string, string>> = {
  "requests-64": "64 requests in flight, 100 bytes each way",
  "requests-1": "1 request in flight",
  "requests-1024": "1,024 requests in flight",
  "payload-1k": "1 KiB each way, 64 in flight",
  "payload-64k": "64 KiB each way, 16 in flight",
  casts: "Casts, end to end",
  mailboxes: "1,000 mailboxes in a process",
};

const notes: Readonly<Record<string, string>> = {
  casts: `Casts are counted where they arrive, and all must arrive: at most 768 are under way. The times are from sending 96 of
them until they are known to have arrived. The official client uses \`publish()\` and a subscription, with Muove's
encoding.`,
  mailboxes: `64 requests in flight. An idle mailbox costs next to nothing. Switching from one to the next costs time: the server
caches some thousand subjects for a while, and here it meets a thousand and a new reply subject with every request
(\`wire-1000\`, which reuses a few reply subjects, loses less). The processor's cache no longer holds what a message needs
of its mailbox, which was last used a thousand messages ago, at the caller and at the service.`,
};

/** Findings from profiles (`MUOVE_BENCH_PROF`), for targets that are not met. */
const remaining = `## Where the time goes, and what more would take

Profiles of November 2026: of a request's time at its caller and at its service, with 64 in flight, a third is the
system call that writes some 28 messages at once and wakes the readers. A tenth is encoding, a twelfth decoding, and a
twentieth checking against the contract. Garbage collection takes 3 to 6%. The rest is spread over a hundred functions,
each below 3%.

- **The wire.** It moves the same bytes to and fro and does nothing else. With 64 in flight, encoding and decoding alone
  bring it down to two thirds (\`wire-values\`). So at 0.7 of the wire, checks, bounds, deadlines and outcomes would have
  to take less than no time. All its 64 requests go round as one batch, so that caller, server and service work one
  after the other, and each makes one system call for all. With more work to do, that costs more than it saves: two
  cores help only processes that do not wait for one another (tried: chunks from 4 to 64 KiB, at once, at the end of the
  turn and one turn later). Encoding messages directly from the schema, without a codec in between, could save a tenth.
- **Casts.** The server has twice the bytes to move: the sender's name, and a reply subject. Without the reply subject
  there would be no dead letters.
- **1,000 mailboxes, called in turn.** See that scenario for what costs time. Faster would need reused reply subjects,
  which we tried and dropped ([decision 0020](decisions/0020-what-waits-makes-no-garbage.md)), and less memory for a
  mailbox, so that more of them stay in the cache.
- **A call in flight.** It holds the caller's input, the encoded message (for retries and fallbacks), a promise and three
  objects. We did not measure how much each takes.`;

/** Figures of `npm run types`, which fails where the bound is exceeded. */
const compiling = `## What contracts cost the compiler

\`npm run types\` has TypeScript check 40 mailboxes of 20 calls, each called once, and half of them with a fallback. It
compares the time with that of the same calls on interfaces written by hand, in two ways, as ratios of the same round:

| compiler | interfaces whose types come from the same Zod schemas | plain interfaces, without any schema |
|---|---|---|
| TypeScript 5.9 | 2.4 times | 9 times |
| the same, with declarations | 1.7 times | 5 times |
| TypeScript 7 | 2.3 times | 22 times |

The bound is 3 times the first, with and without declarations; the command fails beyond. Whoever checks what arrives has
those schemas. Plain interfaces check nothing at run time: against them, contracts are far from 3 times, and so is whatever
else has such schemas, because Zod's own types alone take 3 to 10 times as long
([decision 0030](decisions/0030-types-speak-plainly.md)).`;

/** `docs/performance.md`. */
export function page(results: Results): string {
  const { about } = results;
  return `# How fast it is

<!-- Written by \`npm run bench\`: change packages/bench/src/report instead. -->

Muove as shipped, with everything on: validation on both sides, deadlines, circuits, bounded mailboxes, outcomes. Beside
it, in the same run, other ways to call another process over the same \`nats-server\`; HTTP and gRPC, which have no broker
between; and the wire.

![Requests per second and CPU time of each contender](performance.svg)

A contender is a service and a caller, each a process of its own. They take turns over ${about.rounds} rounds of ${about.seconds} s in each scenario, in another
order each time, after a warm-up. All do the same work: the service multiplies, and returns the payload of the request.
Every answer is checked; a wrong or missing one disqualifies the contender. Figures are medians over the rounds, ratios
are of the same round, and CPU time is that of the whole process, user and system.

Written by \`${about.command}\` on ${about.date}: Node ${about.node}, nats-server ${about.natsServer}, ${about.cores} cores shared by caller, service and server. With
so few cores CPU time decides everything, and other work on the machine shows in the spread: look at the ratios.
${othersShare(allRuns(results.compared))}${repeated(about)}

## Targets

${targetTable(results)}

${directSection(results)}${remaining}

${scenarioSections(results)}

${alonePage(results)}

${compiling}

${contendersPage()}

## What is not measured

- A network: everything went over loopback, where latency and bandwidth cost next to nothing.
- More cores, where server, service and caller do not compete for CPU time, and more than one service or caller.
- Handlers that wait or compute: these answer at once. For a mailbox that gets more than it can take, see
  [overload](overload.md).
- TLS, authentication, clusters, and servers of other generations.
- Other serialisers of Moleculer, and other settings than those above for any contender.
- Hours: memory is measured over a number of calls. The soak test runs for longer.
- Systems other than Linux, and other versions of Node.
`;
}

function repeated({ full }: About): string {
  if (!full) return "";
  return ` A run in which they took more than ${percent(disturbed)}
was repeated, at most twice, and the run that they disturbed least counts, whatever its result.`;
}

function targetTable(results: Results): string {
  const rows = targets(results).map(({ what, least, aim, measured, verdict }) => [what, least, aim, measured, verdict]);
  return markdownTable(["measured in one run", "at least", "aim", "measured (least to most)", ""], rows);
}

function scenarioSections({ compared }: Results): string {
  const sections = Object.keys(titles).flatMap((name) => {
    const rows = scenarios[name] === undefined ? [] : scenarioRows(name, compared);
    if (rows.length === 0) return [];
    const note = notes[name] === undefined ? "" : `\n\n${notes[name]}`;
    return [`## ${titles[name]}\n\n${markdownTable(scenarioHead, rows)}${note}`];
  });
  return sections.join("\n\n");
}
