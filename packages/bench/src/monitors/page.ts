import { cpus } from "node:os";
import { duration, size, whole } from "../numbers.js";
import { markdownTable } from "../report/tables.js";
import type { Point } from "./measured.js";

/** Renders the page about monitors. */
export function page(points: readonly Point[], on: string, seconds: number): string {
  return `# What it costs to know who is there

\`bus.monitor(pricing)\`, calls by key and calls to everyone need to know who serves a mailbox. While nobody asks, an
instance sends two messages in its life: a hello and a goodbye. While somebody asks, each instance sends beats: the
first lines show their cost on the wire and in the processes.

${markdownTable(
  ["", ...points.map(({ instances }) => `${whole(instances)} instance${instances === 1 ? "" : "s"}`)],
  [
    row("messages a second while nobody asks", points, ({ quiet }) => whole(quiet.messages)),
    row("messages a second while somebody monitors", points, ({ monitored }) => whole(monitored.messages)),
    row("bytes of payload a second", points, ({ monitored }) => size(monitored.bytes)),
    row("CPU of the monitor", points, ({ monitorCpu }) => share(monitorCpu)),
    row("CPU of one instance", points, ({ instanceCpu }) => share(instanceCpu)),
    row("until all instances are known", points, ({ settle }) => duration(settle)),
    row("until a clean close is reported", points, ({ closed }) => duration(Math.max(1, closed))),
    row("until a kill is reported, median", points, ({ killed }) => duration(killed)),
    row("until everyone has answered a call, median", points, ({ everyone }) => duration(everyone)),
    row("calls a second to any, 64 in flight", points, ({ plain }) => whole(plain)),
    row("calls a second by key, 64 in flight", points, ({ keyed }) => whole(keyed)),
  ],
)}

Written by \`npm run monitors\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus().length} cores shared by all, ${on} on loopback, each figure over ${seconds} s. All instances
are in one process, each with a connection of its own; the monitor is in another one. CPU is the share of one core beyond
the use without a monitor.

## How it grows

- A monitor sends one message every third of a lease (at first every 2 s), whatever the number of instances. All
  monitors, callers by key and callers of everyone on one bus share one watch.
- An instance sends one beat to all monitors at once, and the server copies it. The interval is chosen so that one
  monitor hears at most 400 beats a second: 400 ms for up to 160 instances, then it doubles with their number.
- A monitor notices a kill when a beat is half an interval late: it asks, and the server says that nobody listens. So
  the time to notice grows with the interval. A clean close, and a call that finds an instance gone, do not wait for
  that.

| instances | a beat every | beats that one monitor hears a second | a kill is reported after about, at most |
|---|---|---|---|
| up to 160 | 400 ms | 400 | 0.8 s |
| 1,000 | 3.2 s | 313 | 6 s |
| 4,096 | 12.8 s | 320 | 23 s |

This table is computed, not measured. These also grow with the number of instances: a monitor keeps some 350 bytes for
each; the answers to its first question come all at once, about 200 bytes each; and a call by key computes a score for
each, some 12 ns (measured: 1.3 µs with 100 instances, 49 µs with 4,096).

## Limits

- A bus tracks 4,096 instances of one mailbox. Monitors, keys and calls to everyone do not know of more, but calls to
  everyone still reach them. The log says so, once.
- A bus asks 256 unknown instances at a time whether they are there. If a deploy starts more than that at one moment,
  the others become known by their first beat: after a third of a lease and an interval at the latest, which is 2.4 s
  with up to 160 instances.
- When an instance says goodbye, the bus asks it whether that is true, once in 100 ms at most. When an instance says
  hello, it counts only after it has answered. So a clean close is reported one round trip after the goodbye. A
  monitored instance closes 250 ms later, so that it can answer.
- What others can ask of an instance is bounded, too: it beats at most every 100 ms, and for at most half an hour.

## The plan for thousands

The present design works for hundreds of instances of one mailbox and tens of monitors. Beyond that, in this order, each
only when somebody needs it:

1. **Fewer monitors.** The cost is instances times monitors. One service that monitors and publishes events about it
   (\`event()\`) turns the product into a sum.
2. **Keys in two steps.** Scores for 4,096 instances take 49 µs per call. Slots (say 4,096, each assigned by rendezvous
   hashing once per change of the roster) make it one lookup: K-1 then chooses an instance for a slot in place of a key,
   and all keys of a slot share it. This changes the protocol, so it must come before there are thousands of instances.
3. **Faster news of a kill.** The server knows of a lost connection at once. If a system account may be used, its
   \`$SYS.ACCOUNT.*.DISCONNECT\` events name the connection (\`<service>/<instance>\`), and beats are needed only for
   instances that hang.
4. **Parts.** A monitor that wants only some of the instances (those with a tag) needs only their beats: on a subject
   with the tag in it.
`;
}

const row = (title: string, points: readonly Point[], text: (point: Point) => string): readonly string[] => [
  title,
  ...points.map(text),
];

/** Values too small to measure count as 0. */
const share = (value: number): string => (value < 0.0005 ? "below 0.05%" : `${(value * 100).toFixed(1)}%`);
