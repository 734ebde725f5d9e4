import { micros, whole } from "../numbers.js";
import type { Run } from "../run/pair.js";
import type { Results } from "../run/results.js";
import { runsOf } from "../run/rounds.js";
import { type Spread, spread } from "../statistics.js";
import { svg, text } from "./svg.js";

/** The drawn values and their colours. */
const bars: readonly { readonly name: string; readonly title: string; readonly color: string }[] = [
  { name: "muove", title: "Muove", color: "#1f6feb" },
  { name: "moleculer", title: "Moleculer", color: "#8c959f" },
  { name: "services", title: "NATS services layer", color: "#8c959f" },
  { name: "official", title: "official client", color: "#8c959f" },
  { name: "nestjs", title: "NestJS", color: "#8c959f" },
  { name: "undici", title: "Fastify, undici", color: "#57ab5a" },
  { name: "grpc", title: "gRPC", color: "#57ab5a" },
  { name: "fetch", title: "Fastify, fetch", color: "#57ab5a" },
  { name: "wire-values", title: "the wire, with values", color: "#d0d7de" },
  { name: "wire", title: "the wire, only bytes", color: "#d0d7de" },
];

const sides = [
  { name: "caller", color: "#1f6feb", of: (run: Run) => run.cpu.caller },
  { name: "service", color: "#8250df", of: (run: Run) => run.cpu.service },
  { name: "nats-server", color: "#bf8700", of: (run: Run) => run.cpu.server ?? 0 },
];

const scenario = "requests-64";
const labels = 160;
const rates = { left: 170, width: 270 };
const cpu = { left: 530, width: 230 };
const first = 68;
const step = 30;
const thick = 16;
/** A bar of more than this many times Muove's CPU time is cut, or the others could not be told apart. */
const longest = 5;

interface Row {
  readonly title: string;
  readonly color: string;
  readonly rate: Spread;
  /** CPU time of each side. */
  readonly cpu: readonly number[];
}

/** The main comparison: requests per second with 64 in flight, and CPU time per request. */
export function drawComparison(results: Results): string {
  const rows = bars.flatMap(({ name, ...bar }) => {
    const runs = runsOf(results.compared, scenario, name);
    return runs.length === 0 ? [] : [{ ...bar, ...measured(runs) }];
  });
  const fastest = Math.max(...rows.map(({ rate }) => rate.most));
  const times = rows.map((row) => total(row.cpu));
  const full = Math.min(Math.max(...times), longest * (times[0] ?? 0));
  const height = first + rows.length * step + 24;
  return svg("Requests per second with 64 in flight, and the CPU time of each", 840, height, [
    text(rates.left, 26, "requests per second, 64 in flight", { fill: "#111", weight: 600 }),
    text(cpu.left, 26, "CPU time of a request, µs", { fill: "#111", weight: 600 }),
    ...legend(),
    ...rows.flatMap((row, i) => [rateBar(row, i, fastest), cpuBar(row, i, full)]),
    text(rates.left, height - 8, "lines: from the slowest round to the fastest; green: no broker between", {
      fill: "#555",
    }),
  ]);
}

function measured(runs: readonly Run[]): Pick<Row, "rate" | "cpu"> {
  const rate = spread(runs.map((run) => run.perSecond));
  return { rate, cpu: sides.map(({ of }) => spread(runs.map(of)).median) };
}

function legend(): readonly string[] {
  return sides.map(({ name, color }, i) => text(cpu.left + i * 70, 46, name, { fill: color }));
}

function rateBar({ title, color, rate }: Row, row: number, fastest: number): string {
  const y = first + row * step;
  const scale = (value: number): number => Math.round((value / fastest) * rates.width);
  const [from, to] = [rates.left + scale(rate.least), rates.left + scale(rate.most)];
  const middle = y + thick / 2;
  return [
    text(labels, middle + 5, title, { fill: "#111", anchor: "end" }),
    box(rates.left, y, scale(rate.median), color),
    `<line x1="${from}" x2="${to}" y1="${middle}" y2="${middle}" stroke="#111"/>`,
    text(to + 6, middle + 5, whole(rate.median), { fill: "#111" }),
  ].join("");
}

function cpuBar({ cpu: times }: Row, row: number, full: number): string {
  const y = first + row * step;
  const scale = (value: number): number => Math.round(Math.min(1, value / full) * cpu.width);
  const parts = sides.map(({ color }, side) => {
    const [from, to] = [scale(total(times.slice(0, side))), scale(total(times.slice(0, side + 1)))];
    return box(cpu.left + from, y, to - from, color);
  });
  const end = cpu.left + scale(total(times));
  const cut =
    total(times) > full ? `<path d="M${end - 14} ${y + thick}l6 -${thick}" stroke="#fff" stroke-width="4"/>` : "";
  return [...parts, cut, text(end + 8, y + thick / 2 + 5, micros(total(times)), { fill: "#111" })].join("");
}

function box(x: number, y: number, width: number, color: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${thick}" fill="${color}"/>`;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
