import { describe, expect, test } from "vitest";
import type { Message } from "../link/index.js";
import { readMember } from "./member.js";
import { beatOf, cardOf, goodbyeOf, helloOf, readSign, readWatch, watchOf } from "./signs.js";

const member = {
  instance: "0a1b",
  service: "pricing",
  version: "1.2.0",
  tags: { region: "eu" },
  since: 1_700_000_000_000,
  degraded: true,
};
const message = (data: Uint8Array | string): Message => ({ data: Buffer.from(data) }) as unknown as Message;

describe("what is written can be read", () => {
  test.each([
    [helloOf(member), { type: "hello", member }],
    [beatOf(member), { type: "beat", instance: "0a1b", degraded: true }],
    [goodbyeOf(member), { type: "goodbye", instance: "0a1b" }],
  ])("as a sign: %s", (bytes, sign) => expect(readSign(message(bytes))).toEqual(sign));

  test("as a card, and as a watch", () => {
    expect(readMember(JSON.parse(Buffer.from(cardOf(member)).toString()))).toEqual(member);
    expect(readWatch(message(watchOf({ interval: 400, lease: 6_000 })))).toEqual({ interval: 400, lease: 6_000 });
  });
});

test("a card without tags has none", () => {
  const { tags: _, ...rest } = member;
  expect(readMember(rest)).toEqual({ ...member, tags: {} });
});

describe("what is not of the protocol is nothing", () => {
  test.each(["", "{", "null", "1", "[]", '"beat"', "{}", '{"type":"beat"}', '{"type":"beat","instance":7}'])(
    "%s",
    (text) => {
      expect(readSign(message(text))).toBeUndefined();
      expect(readWatch(message(text))).toBeUndefined();
    },
  );

  test.each<object>([
    { instance: "a.b" },
    { instance: "" },
    { instance: "x".repeat(65) },
    { service: "a b" },
    { version: 1 },
    { version: "x".repeat(65) },
    { tags: { region: "*" } },
    { tags: [] },
    { since: "now" },
  ])("%j", (change) => expect(readMember({ ...member, ...change })).toBeUndefined());

  test.each(['{"interval":400}', '{"lease":1}', '{"interval":"400","lease":6000}'])("%s", (text) => {
    expect(readWatch(message(text))).toBeUndefined();
  });
});
