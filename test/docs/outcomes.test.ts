import { readFileSync } from "node:fs";
import type { NoAnswer } from "muove";
import { expect, test } from "vitest";

// The compiler requires every reason and refuses any other.
const delivered: { readonly [R in NoAnswer["reason"]]: Extract<NoAnswer, { reason: R }>["delivered"][] } = {
  unreachable: ["no", "maybe"],
  absent: ["no"],
  overloaded: ["no"],
  draining: ["no", "maybe"],
  timeout: ["maybe"],
  "circuit-open": ["no"],
  forbidden: ["no"],
  expired: ["no"],
  cancelled: ["no", "maybe"],
  crashed: ["yes"],
  "reply-too-large": ["yes"],
  "invalid-reply": ["yes"],
  rejected: ["no"],
  refused: ["no"],
  "unknown-message": ["no"],
};

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

test.each(Object.entries(delivered))("the README's table has the right `delivered` for %s", (reason, values) => {
  const row = readme.split("\n").find((line) => line.split("|")[2]?.trim() === `\`${reason}\``);
  const last = row?.split("|").at(-2) ?? "";
  expect([...last.matchAll(/`(\w+)`/g)].map(([, value]) => value)).toEqual(values);
});
