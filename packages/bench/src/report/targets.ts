import { ratio, size } from "../numbers.js";
import type { Run } from "../run/pair.js";
import type { Results } from "../run/results.js";
import { runsOf } from "../run/rounds.js";
import { ratios, type Spread } from "../statistics.js";

/** A target for Muove, and the measured value. */
export interface Target {
  readonly what: string;
  readonly least: string;
  readonly aim: string;
  readonly measured: string;
  readonly verdict: Verdict;
}

export type Verdict = "aim reached" | "reached" | "not reached" | "not measured";

/** A comparison of two contenders in one scenario. Bounds are ratios of the first to the second. */
interface Bound {
  readonly what: string;
  readonly scenario: string;
  readonly of: string;
  readonly to: string;
  readonly value: (run: Run) => number;
  readonly least: number;
  readonly aim: number;
  /** Whether less is better. */
  readonly less?: true;
}

const perSecond = (run: Run): number => run.perSecond;
const requests = { scenario: "requests-64", of: "muove", value: perSecond };

const bounds: readonly Bound[] = [
  { ...requests, what: "requests/s, 64 in flight, against the official client", to: "official", least: 2, aim: 3 },
  { ...requests, what: "the same against Moleculer", to: "moleculer", least: 1.3, aim: 1.75 },
  { ...requests, what: "the same against NestJS", to: "nestjs", least: 2, aim: 3 },
  { ...requests, what: "the same against Fastify with `undici`", to: "undici", least: 1.5, aim: 2.5 },
  { ...requests, what: "the same against Fastify with `fetch`", to: "fetch", least: 8, aim: 15 },
  { ...requests, what: "the same against `grpc-js`", to: "grpc", least: 4, aim: 8 },
  { ...requests, what: "the same against the wire", to: "wire", least: 0.7, aim: 0.9 },
  {
    what: "p50 with 1 in flight, against the official client",
    ...{ scenario: "requests-1", of: "muove", to: "official", value: (run: Run) => run.p50 },
    ...{ least: 1.1, aim: 0.9, less: true as const },
  },
  {
    what: "the same against Fastify with `undici`, which has no broker between",
    ...{ scenario: "requests-1", of: "muove", to: "undici", value: (run: Run) => run.p50 },
    ...{ least: 4, aim: 3, less: true as const },
  },
  {
    what: "casts end to end, against raw `publish`",
    ...{ scenario: "casts", of: "muove", to: "official", value: perSecond, least: 0.7, aim: 0.9 },
  },
  {
    what: "requests/s with 1,000 mailboxes in a process, against 1: one of them called",
    ...{ scenario: "mailboxes", of: "muove-1-of-1000", to: "muove-1", value: perSecond, least: 0.95, aim: 1 },
  },
  {
    what: "the same, all of them called in turn",
    ...{ scenario: "mailboxes", of: "muove-1000", to: "muove-1", value: perSecond, least: 0.95, aim: 1 },
  },
];

export function targets(results: Results): readonly Target[] {
  return [...bounds.map((bound) => compared(bound, results)), ...alone(results)];
}

function compared({ what, scenario, of, to, value, least, aim, less }: Bound, { compared }: Results): Target {
  const [ones, others] = [runsOf(compared, scenario, of).map(value), runsOf(compared, scenario, to).map(value)];
  const bounds = { least: `${least} times`, aim: `${aim} times` };
  if (ones.length === 0 || others.length === 0) return { what, ...bounds, measured: "", verdict: "not measured" };
  const found: Spread = ratios(ones, others);
  return { what, ...bounds, measured: ratio(found), verdict: verdict(found.median, least, aim, less) };
}

function alone({ alone: probed }: Results): readonly Target[] {
  if (probed === undefined) return [];
  const { growth, held } = probed;
  const grown = Math.max(growth.caller, growth.service);
  return [
    {
      what: `heap after ${growth.calls.toLocaleString("en")} calls, against before`,
      ...{ least: "under 2 MiB", aim: "", measured: size(grown) },
      verdict: grown < 2 * 2 ** 20 ? "reached" : "not reached",
    },
    {
      what: "memory for a call in flight, at its caller",
      ...{ least: "1 KiB", aim: "0.5 KiB", measured: size(held.caller) },
      verdict: verdict(held.caller, 1_024, 512, true),
    },
  ];
}

function verdict(found: number, least: number, aim: number, less = false): Verdict {
  const reached = (bound: number): boolean => (less ? found <= bound : found >= bound);
  if (reached(aim)) return "aim reached";
  return reached(least) ? "reached" : "not reached";
}
