import { runInNewContext } from "node:vm";
import { isMuoveError } from "@muove/contract";
import { expect, test } from "vitest";
import { decode, type Encoding, encode, maxDepth, Unencodable } from "./index.js";
import { plain } from "./plain.js";

function refusal(value: unknown, encoding: Encoding = "msgpack"): Unencodable {
  try {
    encode(value, encoding);
  } catch (error) {
    if (error instanceof Unencodable) return error;
    throw error;
  }
  throw new Error("it was sent");
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

test("a value that needs no change is not copied", () => {
  const value = { sku: "a", lines: [{ quantity: 1, note: null }], weight: Number.NaN, many: [Number.NaN] };
  expect(plain(value, "msgpack")).toBe(value);
});

test("a value that needs a change is not modified", () => {
  const value = Object.freeze({ a: undefined, b: Object.freeze([1, undefined, Object.freeze({ c: "\ud800" })]), d: 1 });
  expect(plain(value, "msgpack")).toStrictEqual({ b: [1, null, { c: "\ufffd" }], d: 1 });
  expect(value).toStrictEqual({ a: undefined, b: [1, undefined, { c: "\ud800" }], d: 1 });
});

test("holes in an array become null", () => {
  // biome-ignore lint/suspicious/noSparseArray: a sparse array is the subject of this test
  expect(plain([1, , 3], "json")).toStrictEqual([1, null, 3]);
});

test("a lone surrogate becomes U+FFFD, in keys too, whatever the length", () => {
  for (const length of [0, 30, 100]) {
    const cut = `${"x".repeat(length)}\ud83d`;
    const whole = `${"x".repeat(length)}\ufffd`;
    for (const encoding of ["msgpack", "json"] as const) {
      expect(decode(encode({ [cut]: [cut] }, encoding)).value).toStrictEqual({ [whole]: [whole] });
    }
  }
});

test("own enumerable keys of a class instance are sent, and its toJSON is not called", () => {
  class Money {
    readonly currency = "EUR";
    readonly cents = 5;
    get euros(): number {
      return this.cents / 100;
    }
    toJSON(): string {
      return "asked";
    }
  }
  for (const encoding of ["msgpack", "json"] as const) {
    expect(decode(encode({ price: new Money() }, encoding)).value).toEqual({ price: { cents: 5, currency: "EUR" } });
  }
});

test("an object without a prototype, or with keys that writers treat specially, is plain data", () => {
  const odd = { constructor: null, hasOwnProperty: "x", toJSON: "y", length: 3 };
  for (const encoding of ["msgpack", "json"] as const) {
    expect(decode(encode([odd, Object.assign(Object.create(null), odd)], encoding)).value).toEqual([odd, odd]);
  }
});

test("dates and bytes of another realm are still dates and bytes", () => {
  const [date, bytes, object] = runInNewContext("[new Date(5), Uint8Array.of(1), { a: undefined, b: [1] }]");
  expect(decode(encode([date, bytes, object], "msgpack")).value).toStrictEqual([
    new Date(5),
    Uint8Array.of(1),
    { b: [1] },
  ]);
});

test.each([
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
  ["a Map", new Map()],
  ["a Set", new Set()],
  ["a RegExp", /x/],
  ["an Error", new Error("x")],
  ["a URL", new URL("nats://host")],
  ["a Promise", Promise.resolve()],
  ["an ArrayBuffer", new ArrayBuffer(1)],
  ["a Float64Array", Float64Array.of(1)],
  ["a boxed Number", new Number(1)],
  ["an invalid date", new Date(Number.NaN)],
  ["an integer of 65 bits", 2n ** 64n],
  ["a negative integer of 65 bits", -(2n ** 63n) - 1n],
])("%s cannot be sent, and the error says where it stands", (_what, value) => {
  expect(refusal({ lines: [0, { x: value }] }).path).toEqual(["lines", 1, "x"]);
  expect(refusal(value).path).toEqual([]);
});

test.each([
  ["NaN", Number.NaN],
  ["an infinity", Number.NEGATIVE_INFINITY],
  ["a date", new Date(0)],
  ["bytes", Uint8Array.of(1)],
  ["a bigint beyond 2^53", 2n ** 53n + 1n],
])("%s can be sent in MessagePack, and JSON refuses it instead of changing it", (_what, value) => {
  expect(decode(encode([value], "msgpack")).value).toEqual([typeof value === "bigint" ? Number(value) : value]);
  expect(refusal([value], "json").path).toEqual([0]);
});

test("the error is a MuoveError and names the path as in code", () => {
  const error = refusal({ lines: [{ when: new Date(0) }] }, "json");
  expect(isMuoveError(error) && error.code).toBe("MUOVE_UNENCODABLE");
  expect(error.message).toBe(
    "Cannot send .lines[0].when: a date is MessagePack-only, and this message is JSON; send a string",
  );
});

test("a cycle has its own error, not that of depth", () => {
  const list: unknown[] = [];
  const self = { list };
  list.push({ self });
  expect(refusal(self).reason).toBe("it contains itself");
  expect(refusal(nested(maxDepth + 1)).reason).toBe("nested more than 128 deep");
});

test("a value that appears twice but not inside itself is not a cycle", () => {
  const shared = { a: 1 };
  expect(decode(encode([shared, shared], "msgpack")).value).toEqual([shared, shared]);
});

test("the depth that can be sent is the depth that can be received", () => {
  for (const encoding of ["msgpack", "json"] as const) {
    const deepest = nested(maxDepth);
    expect(decode(encode(deepest, encoding)).value).toEqual(deepest);
    expect(() => encode(nested(maxDepth + 1), encoding)).toThrow(Unencodable);
  }
});

test("keys that a receiver would refuse are refused before sending, with their path", () => {
  const proto: unknown = JSON.parse('{"a":{"__proto__":1}}');
  expect(refusal(proto).path).toEqual(["a", "__proto__"]);
  expect(refusal({ constructor: { prototype: 1 } }).path).toEqual(["constructor"]);
  expect(decode(encode({ constructor: { name: "x" }, prototype: 1 }, "msgpack")).value).toEqual({
    constructor: { name: "x" },
    prototype: 1,
  });
});
