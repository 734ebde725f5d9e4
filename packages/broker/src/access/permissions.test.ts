import { describe, expect, it } from "vitest";
import { Permissions } from "./permissions.js";
import { ReplyAllowance } from "./reply-allowance.js";

describe("permissions", () => {
  it("allow everything without rules", () => {
    const free = new Permissions(undefined);
    expect([free.mayPublish("a"), free.maySubscribe(">", undefined), free.withholds("a")]).toEqual([true, true, false]);
  });

  it("deny a subject that is both allowed and denied", () => {
    const permissions = new Permissions({
      publish: { allow: ["a.>"], deny: ["a.b"] },
      subscribe: { allow: ["a.>"], deny: ["a.b"] },
    });
    expect(["a.a", "a.b", "b"].map((subject) => permissions.mayPublish(subject))).toEqual([true, false, false]);
    expect(["a.a", "a.b", "b"].map((subject) => permissions.maySubscribe(subject, undefined))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("give the same result the second time", () => {
    const permissions = new Permissions({ publish: { allow: ["a"] } });
    for (let i = 0; i < 3; i++)
      expect(["a", "b"].map((subject) => permissions.mayPublish(subject))).toEqual([true, false]);
  });

  it("SUBSCRIBE-PERMISSION-1: filter denied subjects from a wider subscription", () => {
    const permissions = new Permissions({ subscribe: { deny: ["a.b"] } });
    expect(permissions.withholds("a.b")).toBe(false);
    expect(permissions.maySubscribe("a.*", undefined)).toBe(true);
    expect([permissions.withholds("a.b"), permissions.withholds("a.c")]).toEqual([true, false]);
  });

  it("SUBSCRIBE-PERMISSION-2: let a matching rule with a queue group decide alone", () => {
    const permissions = new Permissions({ subscribe: { allow: ["foo v1.*", "bar", "baz", "baz q"] } });
    const may = (subject: string, queue?: string): boolean => permissions.maySubscribe(subject, queue);
    expect([may("foo"), may("foo", "v1.a"), may("foo", "v2")]).toEqual([false, true, false]);
    expect([may("bar"), may("bar", "any")]).toEqual([true, true]);
    expect([may("baz"), may("baz", "q"), may("baz", "any")]).toEqual([true, true, false]);
  });

  it("never allow the server's own queue group", () => {
    expect(new Permissions(undefined).maySubscribe("a", "_sys_")).toBe(false);
  });

  it("PUBLISH-PERMISSION-1: never cache a reply allowance", () => {
    const permissions = new Permissions({ allowResponses: true });
    expect(permissions.mayPublish("inbox")).toBe(false);
    permissions.delivered("inbox");
    expect([permissions.mayPublish("inbox"), permissions.mayPublish("inbox")]).toEqual([true, false]);
  });
});

describe("an allowance for replies", () => {
  let now = 0;
  const allowance = (max: number, expires: number): ReplyAllowance => new ReplyAllowance(max, expires, () => now);

  it("REPLY-ALLOWANCE-2: ends after the maximum of replies, and starts again with the next message", () => {
    const replies = allowance(2, -1);
    replies.grant("a");
    expect([replies.use("a"), replies.use("a"), replies.use("a"), replies.size]).toEqual([true, true, false, 0]);
    replies.grant("a");
    expect(replies.use("a")).toBe(true);
  });

  it("REPLY-ALLOWANCE-2: ends when it expires", () => {
    const replies = allowance(-1, 100);
    replies.grant("a");
    now += 100;
    expect(replies.use("a")).toBe(true);
    now += 1;
    expect(replies.use("a")).toBe(false);
  });

  it("REPLY-ALLOWANCE-3: drops expired ones, so that memory stays bounded for a service that never replies", () => {
    const replies = allowance(1, 100);
    for (let round = 0; round < 5; round++) {
      now += 101;
      for (let i = 0; i < 4_096; i++) replies.grant(`a${round}.${i}`);
      expect(replies.size).toBeLessThanOrEqual(2 * 4_096);
    }
  });

  it("REPLY-ALLOWANCE-3: keeps a bounded number of the latest reply subjects, cheaply", () => {
    const replies = allowance(1, -1);
    for (let i = 0; i < 1_000_000; i++) replies.grant(`a${i}`);
    expect(replies.size).toBeLessThanOrEqual(131_072);
    expect([replies.use("a0"), replies.use("a999999"), replies.use("a940000")]).toEqual([false, true, true]);
  });
});
