import { expect, test } from "vitest";
import { isStreamAcknowledgement } from "./stream-acknowledgement.js";

test.each([
  { stream: "AUDIT", seq: 1 },
  { stream: "AUDIT", seq: 1, domain: "hub" },
  { stream: "AUDIT", seq: 2, duplicate: true },
  { stream: "AUDIT", seq: 9, batch: "b", count: 3 },
  { stream: "AUDIT", seq: 9, val: "12" },
])("%j is the acknowledgement of a stream", (value) => {
  expect(isStreamAcknowledgement(value)).toBe(true);
});

// Recorded from nats-server 2.9.10, for a publication over the stream's limits.
const refused = { code: 503, err_code: 10077, description: "maximum messages exceeded" };
test("a full stream's refusal is one too", () => {
  expect(isStreamAcknowledgement({ error: refused, stream: "AUDIT", seq: 0 })).toBe(true);
});

test.each([
  [{ stream: "AUDIT" }],
  [{ seq: 1 }],
  [{ stream: 1, seq: 1 }],
  [{ stream: "AUDIT", seq: "1" }],
  [{ stream: "AUDIT", seq: 1.5 }],
  [{ stream: "AUDIT", seq: 1, cents: 5 }],
  [["stream", "seq"]],
  ["stream"],
  [null],
  [undefined],
  [{}],
])("%j is not", (value) => {
  expect(isStreamAcknowledgement(value)).toBe(false);
});
