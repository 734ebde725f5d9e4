import { expect, test } from "vitest";
import { subjectKind } from "./subject-kind.js";

test.each([
  ["muove.pricing.quote", "muove.pricing.quote"],
  ["muove.pricing._all._watch", "muove.pricing._all._watch"],
  ["muove.pricing._t.region=eu.quote", "muove.pricing._t.region=eu.quote"],
  ["muove.pricing._i.4f21.quote", "muove.pricing._i.*.quote"],
  ["muove-presence.pricing.shop.4f21", "muove-presence.pricing"],
  ["_INBOX_muove.shop.4f21.x", "elsewhere"],
  ["$JS.API.STREAM.PURGE.orders", "elsewhere"],
  ["", "elsewhere"],
])("%s is of the kind %s", (subject, kind) => {
  expect(subjectKind(undefined, subject)).toBe(kind);
  expect(subjectKind("test.eu", `test.eu.${subject}`)).toBe(kind);
});

test("a subject of another system is elsewhere", () => {
  expect(subjectKind("test", "muove.pricing.quote")).toBe("elsewhere");
});
