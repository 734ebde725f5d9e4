import { errors } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { refusalOf } from "./refusal.js";

/** As the client reads it. */
const refusal = (text: string) =>
  refusalOf(errors.PermissionViolationError.parse(text) ?? new errors.ProtocolError(text));

describe("a refusal", () => {
  test.each([
    'Permissions Violation for Subscription to "a"',
    'Permissions Violation for Subscription to "a" using queue "q"',
    'Permissions Violation for Subscription to "a.b.c", too many tokens',
    'Permissions Violation for Subscription to "a\\"b"',
  ])("of a subscription that was just asked for names no id: %s", (text) => {
    expect(refusal(text)).toEqual({ reason: "permissions" });
  });

  test.each([
    ["2.9 and 2.10", 'Permissions Violation for Subscription to "a" (sid "12")'],
    ["2.15", 'Permissions Violation for Subscription to "a" using queue "q" (sid "12")'],
  ])("of one that was open names its id, as %s do it", (_, text) => {
    expect(refusal(text)).toEqual({ reason: "permissions", id: 12 });
  });

  test("at a limit names nothing", () => {
    expect(refusal("maximum subscriptions exceeded")).toEqual({ reason: "limit" });
  });

  test.each(['Permissions Violation for Publish to "a"', "something odd"])("is not this: %s", (text) => {
    expect(refusal(text)).toBeUndefined();
  });
});
