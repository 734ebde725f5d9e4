import { readFileSync } from "node:fs";
import type { NoAnswer } from "muove";
import * as muove from "muove";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";

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

test("the README names every error that is thrown", () => {
  // A base, two in outcomes, a cause, and what JetStream did not do.
  const never = ["MuoveError", "CallError", "FallbackError", "Unencodable", "MailError"];
  const thrown = Object.entries(muove).filter(([name, value]) => isErrorClass(value) && !never.includes(name));
  const [, sentence = ""] = /Only programmer errors are thrown, (.*?)\./s.exec(readme) ?? [];
  const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(thrown.map(([name]) => name).sort());
});

test("a wrong fallback is thrown where the README says: before any call by withFallback, during one by orElse", () => {
  const bus = muove.connect({ service: "caller", servers: "127.0.0.1:1", logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  const client = bus.to(muove.mailbox("pricing", { quote: muove.call({ output: z.object({ cents: z.int() }) }) }));
  const wrong = { wrong: 1 } as never;
  expect(() => muove.withFallback(client, { quote: [wrong] })).toThrow(muove.InvalidOptions);
  expect(bus.status.counts.calls).toBe(0);
  expect(() => client.quote().orElse(wrong)).toThrow(muove.InvalidOptions);
  expect(bus.status.counts.calls).toBe(1);
});

const isErrorClass = (value: unknown): boolean => typeof value === "function" && value.prototype instanceof Error;
