import { cpus } from "node:os";
import type { Measured, Point } from "./measured.js";

/** The page about overload, in words and figures. */
export function page({ on, capacities: [before, after], points, heap }: Measured, seconds: number): string {
  return `# Under more load than it can take

A mailbox is bounded. What it cannot take, or could not answer before the caller gives up, it refuses at once, as
\`overloaded\`, and says when to come back. This is what that does to one instance whose handler computes for 1 ms, offered
from half to twenty times what it can take, for ${seconds} s each, by a caller in a process of its own, with a timeout of 250 ms.

![Work done and time to a refusal, by load](overload.svg)

| load | calls/s | answered/s | of capacity | answered p50, p99 | refused | refusal p50, p99 | timed out |
|---|---|---|---|---|---|---|---|
${points.map((point) => row(point, (before + after) / 2)).join("\n")}

Capacity: ${Math.round(before)} answers per second with 16 calls in flight, measured before, and ${Math.round(after)} after; the shares are of their mean. Heap
of the service: ${megabytes(heap[0])} before, ${megabytes(heap[1])} after. Written by \`npm run overload\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus().length} cores shared
by service, caller and ${on}.

Not measured here: handlers that wait for something else, many callers, a network.
`;
}

function row({ factor, rate, result }: Point, capacity: number): string {
  const { counts, goodput, answered, refused } = result;
  const cells = [
    `${factor} times`,
    rate.toLocaleString("en"),
    Math.round(goodput).toLocaleString("en"),
    `${Math.round((goodput / capacity) * 100)}%`,
    answered ? `${ms(answered.p50)}, ${ms(answered.p99)}` : "",
    (counts.overloaded ?? 0).toLocaleString("en"),
    refused ? `${ms(refused.p50)}, ${ms(refused.p99)}` : "",
    (counts.timeout ?? 0).toLocaleString("en"),
  ];
  return `| ${cells.join(" | ")} |`;
}

const ms = (time: number): string => `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`;
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
