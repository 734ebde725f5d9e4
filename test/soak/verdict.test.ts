import { expect, test } from "vitest";
import type { Begun, Ended, Started } from "./records.js";
import { judge } from "./verdict.js";

const begun = (how: Begun["how"] = "once"): Begun => ({ type: "begun", id: "1", how });
const started = (by = "worker"): Started => ({ type: "started", id: "1", by });
const ended = (outcome: string, delivered: string, more: Partial<Ended> = {}): Ended => {
  return { type: "ended", id: "1", outcome, delivered, ms: 1, ...more };
};
const ok = ended("ok", "yes", { by: "worker" });

test.each([
  ["a call without an outcome", [begun()], /VERDICT-1/],
  ["two outcomes", [begun(), started(), ok, ok], /VERDICT-1/],
  ["an outcome long after the deadline", [begun(), ended("timeout/maybe", "maybe", { ms: 60_000 })], /VERDICT-1/],
  ["not delivered but started", [begun(), ended("cancelled/no", "no"), started()], /ended as cancelled\/no.*VERDICT-2/],
  ["not delivered but started before", [begun("repeated"), started(), ended("overloaded/no", "no")], /VERDICT-2/],
  ["a dead letter that was handled", [begun("tell"), started(), ended("dead letter: absent/no", "no")], /VERDICT-2/],
  ["started twice", [begun(), started(), started("other"), ok], /VERDICT-3/],
  ["a cast that was handled twice", [begun("tell"), started(), started()], /VERDICT-3/],
  ["ok but never started", [begun(), ok], /VERDICT-4/],
  ["a crash of a call that was never started", [begun(), ended("crashed/yes", "yes")], /VERDICT-4/],
  ["ok but started only by another worker", [begun(), ok, started("other")], /VERDICT-4/],
])("%s is a lie", (_, records, what) => {
  expect(judge(records).lies).toEqual([
    { what: expect.stringMatching(what), evidence: expect.arrayContaining(records) },
  ]);
});

test.each([
  ["ok, and started once", [begun(), started(), ok]],
  ["repeated, and started twice", [begun("repeated"), started(), started("other"), ok]],
  ["maybe, and started", [begun(), started(), ended("timeout/maybe", "maybe")]],
  ["maybe, and never started", [begun(), ended("timeout/maybe", "maybe")]],
  ["a cast that was handled", [begun("tell"), started()]],
  ["a cast that was lost", [begun("tell")]],
  ["a refusal", [begun(), ended("overloaded/no", "no")]],
])("%s is not a lie", (_, records) => {
  expect(judge(records).lies).toEqual([]);
});
