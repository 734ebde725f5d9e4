import { expect, test } from "vitest";
import { isNoResponders } from "./no-responders.js";

const says = (headers: string, empty = true): boolean => isNoResponders({ headers, empty });

// Recorded from the servers. test/conformance/interoperation.test.ts asks the installed one.
test.each([
  ["2.9.10 and 2.10.27", "NATS/1.0 503\r\n\r\n"],
  ["2.15.1", "NATS/1.0 503\r\nNats-Subject: muove.pricing.quote\r\n\r\n"],
])("nats-server %s says that nobody listens", (_, headers) => {
  expect(says(headers)).toBe(true);
});

test.each([
  "",
  "NATS/1.0\r\n\r\n",
  "NATS/1.0 503 No Responders\r\n\r\n",
  "NATS/1.0 503 \r\n\r\n",
  "NATS/1.0  503\r\n\r\n",
  "NATS/1.0 5030\r\n\r\n",
  "NATS/1.0 404\r\n\r\n",
  "NATS/1.0 503\r\nMuove-From: pricing/1\r\n\r\n",
  "NATS/1.0 503\r\nNats-Subject: a\r\nX: y\r\n\r\n",
  "NATS/1.0 503\r\nNats-Subject: \r\n\r\n",
  "NATS/1.0 503\r\nX: y\r\n\r\n",
  "NATS/1.0 503\r\n\r\nNATS/1.0 503\r\n\r\n",
])("%j is not from a server", (headers) => {
  expect(says(headers)).toBe(false);
});

test("a message with a payload is not from a server", () => {
  expect(says("NATS/1.0 503\r\n\r\n", false)).toBe(false);
});
