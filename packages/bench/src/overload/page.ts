import { cpus } from "node:os";
import { duration, size, whole } from "../numbers.js";
import { markdownTable } from "../report/tables.js";
import type { Measured, Point } from "./measured.js";

const head = [
  "load",
  "calls/s",
  "answered/s",
  "of capacity",
  "answered p50, p99",
  "refused",
  "refusal p50, p99",
  "timed out",
];

/** Renders the page about overload. */
export function page({ on, capacities: [before, after], points, heap }: Measured, seconds: number): string {
  return `# Under more load than it can take

A mailbox is bounded. It refuses at once, as \`overloaded\`, what it cannot take or could not answer before the caller
gives up, and says when to try again. This page shows the effect on one instance whose handler computes for 1 ms,
offered
from half to twenty times what it can take, for ${seconds} s each, by a caller in a process of its own, with a timeout of 250 ms.

![Work done and time to a refusal, by load](overload.svg)

${markdownTable(
  head,
  points.map((point) => row(point, (before + after) / 2)),
)}

Capacity: ${Math.round(before)} answers per second with 16 calls in flight, measured before, and ${Math.round(after)} after; the shares are of their mean. Heap
of the service: ${size(heap[0])} before, ${size(heap[1])} after. Written by \`npm run overload\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus().length} cores shared
by service, caller and ${on}.

Not measured: handlers that wait for something else, many callers, a network.
`;
}

function row({ factor, rate, result }: Point, capacity: number): readonly string[] {
  const { counts, goodput, answered, refused } = result;
  return [
    `${factor} times`,
    whole(rate),
    whole(goodput),
    `${Math.round((goodput / capacity) * 100)}%`,
    answered ? `${duration(answered.p50)}, ${duration(answered.p99)}` : "",
    whole(counts.overloaded ?? 0),
    refused ? `${duration(refused.p50)}, ${duration(refused.p99)}` : "",
    whole(counts.timeout ?? 0),
  ];
}
