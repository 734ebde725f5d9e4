import { svg, text } from "../report/svg.js";
import type { Measured, Point } from "./measured.js";

const left = 70;
const right = 610;
const [least, most] = [0.5, 20];

interface Panel {
  readonly top: number;
  readonly bottom: number;
  readonly title: string;
  readonly highest: number;
  readonly unit: string;
}

interface Line {
  readonly color: string;
  readonly name: string;
  readonly value: (point: Point) => number | undefined;
}

/** Draws two panels over the load: the answered share of the capacity, and the time of a refusal. */
export function drawCurve({ capacities: [before, after], points }: Measured): string {
  const capacity = (before + after) / 2;
  const share = (point: Point): number => (point.result.goodput / capacity) * 100;
  const slowest = Math.max(20, ...points.map(({ result }) => result.refused?.p99 ?? 0));
  const work: Panel = { top: 50, bottom: 210, title: "answered, % of capacity", highest: 120, unit: "%" };
  const refusal: Panel = { top: 280, bottom: 420, title: "time to a refusal", highest: slowest, unit: " ms" };
  return svg("Work done, and the time to a refusal, by load", 660, 470, [
    panel(work, points, [{ color: "#1f6feb", name: "answered in time", value: share }]),
    panel(refusal, points, [
      { color: "#8250df", name: "p50", value: ({ result }) => result.refused?.p50 },
      { color: "#bf8700", name: "p99", value: ({ result }) => result.refused?.p99 },
    ]),
    text(340, 460, "load, as a multiple of the capacity (logarithmic)", { fill: "#333", anchor: "middle" }),
  ]);
}

function panel(frame: Panel, points: readonly Point[], lines: readonly Line[]): string {
  const { top, bottom, title, highest, unit } = frame;
  const ticks = [0, 0.5, 1].map((part) => tick(frame, Math.round(highest * part), unit));
  const loads = points.map(({ factor }) =>
    text(x(factor), bottom + 18, String(factor), { fill: "#555", anchor: "middle" }),
  );
  const names = lines.map(({ color, name }, i) => text(right - i * 60, top - 14, name, { fill: color, anchor: "end" }));
  return [
    text(left, top - 14, title, { fill: "#111", weight: 600 }),
    ...ticks,
    ...loads,
    ...names,
    ...lines.map((line) => curve(frame, points, line)),
  ].join("\n");
}

function tick(frame: Panel, value: number, unit: string): string {
  const at = y(frame, value);
  const label = text(left - 8, at + 4, `${value}${unit}`, { fill: "#555", anchor: "end" });
  return `<line x1="${left}" x2="${right}" y1="${at}" y2="${at}" stroke="#ddd"/>${label}`;
}

function curve(frame: Panel, points: readonly Point[], { color, value }: Line): string {
  const places = points.flatMap((point) => {
    const found = value(point);
    return found === undefined ? [] : [[x(point.factor), y(frame, found)] as const];
  });
  const dots = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${color}"/>`);
  return `<polyline points="${places.join(" ")}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join("")}`;
}

function x(factor: number): number {
  const part = Math.log(factor / least) / Math.log(most / least);
  return Math.round(left + part * (right - left));
}

function y({ top, bottom, highest }: Panel, value: number): number {
  return Math.round(bottom - (Math.min(value, highest) / highest) * (bottom - top));
}
