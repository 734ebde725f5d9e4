import type { Ordered } from "../shop/order.js";
import { type Degradation, marksOf, type Page } from "../shop/page.js";
import type { Timed } from "../shop/timed.js";
import type { ExpectedDegradation, ExpectedOrder, ExpectedParts } from "./step.js";

/** No answer of the storefront may take this long, in ms. */
export const limit = 1_000;

/** How a page differs from what was expected; undefined if it does not. */
export function unlike(page: Page, expected: ExpectedParts): string | undefined {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(page.degraded)])];
  const differences = names.map((name) => difference(name, page.degraded[name], expected[name]));
  return [notInTime(page), ...differences].filter((text) => text !== undefined).join("; ") || undefined;
}

/** The same for the page in HTML: it must mark the same parts as the one in JSON. */
export function unlikeHtml(html: Timed, expected: ExpectedParts): string | undefined {
  const marks = marksOf(html.body).sort().join(", ");
  const wanted = Object.keys(expected).sort().join(", ");
  const difference = marks === wanted ? undefined : `its HTML marks "${marks}", not "${wanted}"`;
  return [notInTime(html), difference].filter((text) => text !== undefined).join("; ") || undefined;
}

/** The same for an order. */
export function unlikeOrder({ status, says }: ExpectedOrder, answer: Ordered): string | undefined {
  if (answer.ms >= limit) return `${Math.round(answer.ms)} ms`;
  if (answer.status === status && answer.says === says) return undefined;
  return `"${answer.says}" (${answer.status}) instead of "${says}" (${status})`;
}

function notInTime({ status, ms }: Timed): string | undefined {
  if (status !== 200) return `HTTP ${status}`;
  return ms < limit ? undefined : `${Math.round(ms)} ms`;
}

function difference(
  name: string,
  seen: Degradation | undefined,
  expected: ExpectedDegradation | undefined,
): string | undefined {
  if (expected === undefined) return `${name} is degraded (${seen?.reason}, ${seen?.source})`;
  const { reasons, source } = expected;
  if (seen !== undefined && reasons.includes(seen.reason) && seen.source === source) return undefined;
  const was = seen === undefined ? "is as on a good day" : `is ${seen.reason}, ${seen.source}`;
  return `${name} ${was} and should be ${reasons.join(" or ")}, ${source}`;
}
