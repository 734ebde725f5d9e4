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
  expect(plain(value, "msgpack").value).toBe(value);
});

test("a value that needs a change is not modified", () => {
  const value = Object.freeze({ a: undefined, b: Object.freeze([1, Object.freeze({ c: "\ud800" })]), d: 1 });
  expect(plain(value, "msgpack").value).toStrictEqual({ b: [1, { c: "\ufffd" }], d: 1 });
  expect(value).toStrictEqual({ a: undefined, b: [1, { c: "\ud800" }], d: 1 });
});

test("undefined is left out as a key, and refused wherever it cannot be", () => {
  for (const encoding of ["msgpack", "json"] as const) {
    expect(decode(encode({ a: undefined, b: { c: undefined } }, encoding)).value).toStrictEqual({ b: {} });
    // biome-ignore lint/suspicious/noSparseArray: a sparse array is the subject of this test
    for (const value of [[undefined], [1, , 3], { a: [undefined] }]) {
      expect(refusal(value, encoding).reason).toBe("undefined can only be left out as a key; send null");
    }
  }
  for (const value of [new Set([undefined]), new Map([["a", undefined]]), new Map([[undefined, 1]])]) {
    expect(refusal(value).reason).toBe("undefined can only be left out as a key; send null");
  }
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

test("values of another realm are what they are", () => {
  const source = '[new Date(5), Uint8Array.of(1), new Map([["a", new Set([1n])]]), { a: undefined, b: [1] }]';
  const value = runInNewContext(source);
  const received = [new Date(5), Uint8Array.of(1), new Map([["a", new Set([1n])]]), { b: [1] }];
  expect(decode(encode(value, "msgpack")).value).toStrictEqual(received);
  expect(plain(value, "msgpack").value).toEqual(received);
});

test("PLAIN-2 a subclass becomes what a receiver gets, without a change to the value", () => {
  class Basket extends Map<string, Date> {}
  class Day extends Date {}
  const value = {
    basket: new Basket([["a", new Day(5)]]),
    bytes: Buffer.from("a"),
    tags: new (class extends Set {})(["x"]),
  };
  const received = plain(value, "msgpack").value;
  expect(received).toStrictEqual({
    basket: new Map([["a", new Date(5)]]),
    bytes: Uint8Array.of(97),
    tags: new Set(["x"]),
  });
  expect(received).toStrictEqual(decode(encode(value, "msgpack")).value);
  expect(value.basket.get("a")).toBeInstanceOf(Day);
});

test("an object that only claims to be a Map is plain data or refused, and its methods are not called", () => {
  const fake = { [Symbol.toStringTag]: "Map", [Symbol.iterator]: () => expect.unreachable() };
  expect(decode(encode(fake, "msgpack")).value).toEqual({});
  expect(refusal(Object.create(fake)).reason).toContain("a Map; send a plain object");
});

test("members that are only the same once they are sent are refused, not lost", () => {
  expect(refusal({ a: new Set(["\ud800", "\ufffd"]) }).path).toEqual(["a", 1]);
  expect(
    refusal(
      new Map([
        ["\ud800", 1],
        ["\udc00", 2],
      ]),
    ).reason,
  ).toBe("two keys that are the same once sent");
});

test.each([
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
  ["a RegExp", /x/],
  ["an Error", new Error("x")],
  ["a URL", new URL("nats://host")],
  ["a Promise", Promise.resolve()],
  ["an ArrayBuffer", new ArrayBuffer(1)],
  ["a Float64Array", Float64Array.of(1)],
  ["a boxed Number", new Number(1)],
  ["an invalid date", new Date(Number.NaN)],
  ["a bigint of 1,025 bytes", 2n ** (8n * 1024n - 1n)],
  ["a negative bigint of 1,025 bytes", -(2n ** (8n * 1024n - 1n)) - 1n],
])("%s cannot be sent, and the error says where it stands", (_what, value) => {
  expect(refusal({ lines: [0, { x: value }] }).path).toEqual(["lines", 1, "x"]);
  expect(refusal(value).path).toEqual([]);
});

test.each([
  ["NaN", Number.NaN],
  ["an infinity", Number.NEGATIVE_INFINITY],
  ["a date", new Date(0)],
  ["bytes", Uint8Array.of(1)],
  ["a small bigint", 1n],
  ["a bigint beyond 2^53", 2n ** 53n + 1n],
  ["a Map", new Map([["a", 1]])],
  ["a Set", new Set([1])],
])("%s can be sent in MessagePack, and JSON refuses it instead of changing it", (_what, value) => {
  expect(decode(encode([value], "msgpack")).value).toEqual([value]);
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
  const map = new Map<string, unknown>();
  map.set("set", new Set([[map]]));
  expect(refusal(map).reason).toBe("it contains itself");
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
