import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, type Encoding, encode, encodingOf, Malformed } from "./index.js";

const encodings: Encoding[] = ["msgpack", "json"];
const MANY = { numRuns: 2_000 };

/** JSON without -0, which no wire form keeps, and without lone surrogates, which become U+FFFD. */
const json = fc
  .jsonValue({ maxDepth: 6, stringUnit: "binary" })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto")) as unknown);

for (const encoding of encodings) {
  test(`what JSON can carry comes back the same through ${encoding}`, () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(decode(encode(value, encoding))).toEqual({ value, encoding });
      }),
      MANY,
    );
  });

  test(`${encoding} is told from its first byte alone`, () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(encodingOf(encode(value, encoding).subarray(0, 1))).toBe(encoding);
      }),
      MANY,
    );
  });
}

test("the encodings agree about undefined, in objects and in arrays", () => {
  const holes = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constant(undefined),
      fc.integer(),
      fc.array(tie("value")),
      fc.dictionary(fc.string(), tie("value")),
    ),
  })).value;
  fc.assert(
    fc.property(holes, (value) => {
      fc.pre(value !== undefined);
      expect(decode(encode(value, "msgpack")).value).toEqual(decode(encode(value, "json")).value);
    }),
    MANY,
  );
});

test("a payload is not written to again", () => {
  const first = encode({ sku: "first" }, "msgpack");
  const before = Uint8Array.from(first);
  for (let i = 0; i < 10_000; i++) encode({ sku: `later ${i}` }, "msgpack");
  expect(Uint8Array.from(first)).toEqual(before);
});

test("bytes that come back are a copy, and plain", () => {
  const payload = Buffer.from(encode(Uint8Array.of(1, 2, 3), "msgpack"));
  const { value } = decode(payload);
  payload.fill(0xff);
  expect(value).toEqual(Uint8Array.of(1, 2, 3));
  expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype);
});

test("any bytes are a value or Malformed, and nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
    }),
    { numRuns: 20_000 },
  );
});
