import { type Html, html } from "../html/html.js";
import type { Degradation } from "./part.js";

/** A degradation in words: what is shown instead and, for operators, why. */
export function degradationNote(degradation: Degradation | undefined, instead: string): Html | undefined {
  if (degradation === undefined) return undefined;
  const { reason, source, age } = degradation;
  const aged = age === null ? "" : `, ${inWords(age)} old`;
  return html`<p class="note">${instead} (Degraded: <code>${reason}</code>; ${sources[source]}${aged}.)</p>`;
}

const sources: Readonly<Record<Degradation["source"], string>> = {
  "last-known": "last known answer",
  constant: "fixed answer",
  function: "answer from the price list",
  nothing: "no answer",
};

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 1) return "less than a second";
  if (seconds < 120) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}
