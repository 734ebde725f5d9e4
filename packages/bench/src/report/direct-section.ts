import { ratio } from "../numbers.js";
import type { Results } from "../run/results.js";
import { runsOf } from "../run/rounds.js";
import { ratios } from "../statistics.js";
import { markdownTable } from "./tables.js";

const titles: Readonly<Record<string, string>> = {
  undici: "Fastify with `undici`",
  fetch: "Fastify with `fetch`",
  grpc: "`grpc-js`",
};
const columns: Readonly<Record<string, string>> = {
  "requests-1": "1 in flight",
  "requests-64": "64 in flight",
  "payload-64k": "64 KiB each way, 16 in flight",
};

/** The section about those without a broker between, in both directions. Empty if none was measured. */
export function directSection(results: Results): string {
  const rows = Object.entries(titles).flatMap(([name, title]) => {
    const cells = Object.keys(columns).map((scenario) => muoveTo(name, scenario, results));
    return cells.every((cell) => cell === "") ? [] : [[title, ...cells]];
  });
  if (rows.length === 0) return "";
  return `## With and without a broker between

What users pick instead of a bus has no broker between: its caller connects to the service. That saves a hop, which decides
when one request goes after the other, or when a request is large. With many small ones in flight it is the work for each
that decides, and a bus writes many of them at once. The requests per second of Muove, as a multiple of the other's; below
1, the other is faster:

${markdownTable(["", ...Object.values(columns)], rows)}

Here caller, service and server share the cores; without a broker there are only two processes to share them.

`;
}

function muoveTo(name: string, scenario: string, { compared }: Results): string {
  const [ones, others] = ["muove", name].map((each) => runsOf(compared, scenario, each).map((run) => run.perSecond));
  return ones?.length && others?.length ? ratio(ratios(ones, others)) : "";
}
