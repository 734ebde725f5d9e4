import { describe, expect, test } from "vitest";
import type { NatsMessage } from "../link/index.js";
import { readCard, readMember } from "./member.js";
import { beatOf, cardOf, goodbyeOf, helloOf, readSign, readWatch, signerOf, watchOf } from "./signs.js";

const member = {
  instance: "0a1b",
  service: "pricing",
  version: "1.2.0",
  tags: { region: "eu" },
  since: 1_700_000_000_000,
  degraded: true,
};
const message = (data: Uint8Array | string): NatsMessage => ({ data: Buffer.from(data) }) as unknown as NatsMessage;

const signer = { service: "pricing", instance: "0a1b" };

describe("written messages can be read", () => {
  test.each([
    [helloOf(member), { type: "hello", member }],
    [beatOf(member), { type: "beat", degraded: true }],
    [goodbyeOf(member), { type: "goodbye" }],
  ])("as a sign: %s", (bytes, sign) => expect(readSign(message(bytes), signer)).toEqual(sign));

  test("as a card, and as a watch", () => {
    for (const leaving of [true, false]) {
      const said = JSON.parse(Buffer.from(cardOf(member, leaving)).toString());
      expect(said).toMatchObject({ protocol: 1 });
      expect(readCard(said)).toEqual({ member, leaving });
    }
    expect(readWatch(message(watchOf({ interval: 400, lease: 6_000 })))).toEqual({ interval: 400, lease: 6_000 });
  });
});

test("a card without tags has none", () => {
  const { tags: _, ...rest } = member;
  expect(readMember(rest)).toEqual({ ...member, tags: {} });
});

describe("invalid messages are ignored", () => {
  test.each(["", "{", "null", "1", "[]", '"beat"', "{}", '{"type":"beat"}', '{"type":"beat","instance":7}'])(
    "%s",
    (text) => {
      expect(readSign(message(text), signer)).toBeUndefined();
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
    { version: "1.0.0\u001b[2J" },
    { service: "a.b" },
    { since: "now" },
    { since: -1 },
    { since: 1.5 },
    { since: 1e300 },
  ])("%j", (change) => expect(readMember({ ...member, ...change })).toBeUndefined());

  test.each(['{"interval":400}', '{"lease":1}', '{"interval":"400","lease":6000}'])("%s", (text) => {
    expect(readWatch(message(text))).toBeUndefined();
  });
});

describe("a sign must name the sender in its subject", () => {
  test.each([
    ["muove-presence.pricing.pricing.0a1b", signer],
    ["a.b.muove-presence.pricing.pricing.0a1b", signer],
    ["muove-presence.pricing.pri*cing.0a1b", undefined],
    ["muove-presence.pricing.pricing.\u00b9", undefined],
  ])("%s", (subject, expected) => expect(signerOf(subject)).toEqual(expected));

  test.each([helloOf(member), beatOf(member), goodbyeOf(member)])("or it is ignored (%#)", (bytes) => {
    expect(readSign(message(bytes), { ...signer, instance: "2c3d" })).toBeUndefined();
    const said = JSON.stringify({ ...JSON.parse(Buffer.from(bytes).toString()), service: "basket" });
    expect(readSign(message(said), signer)).toBeUndefined();
  });
});

test("a payload that is too long is not read", () => {
  const beat = (size: number): string => JSON.stringify({ type: "beat", instance: "0a1b", more: "x".repeat(size) });
  expect(readSign(message(beat(4_000)), signer)).toBeDefined();
  expect(readSign(message(beat(4_100)), signer)).toBeUndefined();
});
