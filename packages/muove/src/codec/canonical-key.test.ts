import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalKey, decode, encode, Unencodable } from "./index.js";

/** The value that a receiver gets, as a string with sorted keys, so that two can be compared. */
function received(value: unknown): string {
  return JSON.stringify(decode(encode(value, "msgpack")).value, (_key, part: unknown) => {
    if (part instanceof Set) return { set: [...part].map(received).sort() };
    if (part instanceof Map) return { map: [...part].map(([key, of]) => received([key, of])).sort() };
    if (typeof part === "bigint") return { bigint: String(part) };
    return typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  });
}

const name = fc.constantFrom("", "a", "b", "1", ":", "a:1,");

/** Few letters and numbers, so that equal values come up often. */
const few = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      null,
      true,
      1n,
      0,
      -0,
      1,
      "",
      "1",
      "a",
      ",",
      ":",
      '"',
      "]",
      "}",
      "null",
      'a","a',
      "\ud800",
      "\ufffd",
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(name, { maxLength: 3 }).map((members) => new Set(members)),
    fc.array(fc.tuple(name, tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.dictionary(name, fc.oneof(tie("value"), fc.constant(undefined)), { maxKeys: 3 }),
  ),
})).value;

test("two values have the same key exactly if a receiver cannot tell them apart", () => {
  fc.assert(
    fc.property(few, few, (a, b) => {
      expect(canonicalKey(a) === canonicalKey(b)).toBe(received(a) === received(b));
    }),
    { numRuns: 20_000 },
  );
}, 30_000);

test("key order and undefined keys make no difference", () => {
  expect(canonicalKey({ b: [{ y: 1, x: 2 }], a: -0, gone: undefined })).toBe(
    canonicalKey({ a: 0, b: [{ x: 2, y: 1 }] }),
  );
});

test("the order of a Map or a Set makes no difference", () => {
  expect(canonicalKey(new Set(["b", { y: 1, x: 2 }, "a"]))).toBe(canonicalKey(new Set(["a", "b", { x: 2, y: 1 }])));
  expect(
    canonicalKey(
      new Map([
        ["b", 1],
        ["a", 2],
      ]),
    ),
  ).toBe(
    canonicalKey(
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
    ),
  );
});

test("values that only look alike have different keys", () => {
  const date = new Date(0);
  const values = [
    ...[0, "0", [0], { 0: 0 }, null, "null", undefined, false, Number.NaN, "NaN", Number.POSITIVE_INFINITY],
    ...[
      date,
      date.toISOString(),
      date.getTime() + 1,
      "@0",
      Uint8Array.of(0),
      "#AA==",
      [],
      {},
      "",
      [[]],
      [""],
      ["a", "a"],
      ['a","a'],
    ],
    ...[0n, "0n", 1n, -1n, new Set(), new Map(), new Set([0]), new Map([[0, 0]]), new Map([["0", 0]]), [[0, 0]]],
  ];
  expect(new Set(values.map(canonicalKey)).size).toBe(values.length);
});

test("a value that cannot be sent has no key", () => {
  expect(() => canonicalKey({ callback: () => 1 })).toThrow(Unencodable);
});
