import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, type Encoding, encode, encodingOf, Unencodable } from "./index.js";

const encodings: Encoding[] = ["msgpack", "json"];
const manyRuns = { numRuns: 2_000 };

/** JSON without -0, which neither encoding keeps, and without refused keys. */
const json = fc
  .jsonValue({ maxDepth: 6, stringUnit: "binary" })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll(/__proto__|prototype/g, "harmless")) as unknown);

const key = fc.string().filter((text) => text !== "__proto__" && text !== "prototype");

for (const encoding of encodings) {
  test(`every JSON value survives ${encoding} unchanged`, () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(decode(encode(value, encoding))).toEqual({ value, encoding });
      }),
      manyRuns,
    );
  });

  test(`${encoding} is detected from the first byte`, () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(encodingOf(encode(value, encoding).subarray(0, 1))).toBe(encoding);
      }),
      manyRuns,
    );
  });
}

test("both encodings leave out the same keys", () => {
  const holes = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.integer(),
      fc.array(tie("value")),
      fc.dictionary(key, fc.oneof(tie("value"), fc.constant(undefined))),
    ),
  })).value;
  fc.assert(
    fc.property(holes, (value) => {
      expect(decode(encode(value, "msgpack")).value).toEqual(decode(encode(value, "json")).value);
    }),
    manyRuns,
  );
});

test("bigints, Maps and Sets survive MessagePack, in each other and in anything", () => {
  const instant = fc.date({ noInvalidDate: true });
  const bigint = fc.oneof(fc.bigInt(), fc.bigInt({ min: -(2n ** 8191n), max: 2n ** 8191n - 1n }));
  const rich = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, "", "a", 5, 1.5),
      bigint,
      instant,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(tie("value"), { maxLength: 4 }).map((members) => new Set(members)),
      fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(rich, (value) => {
      expect(decode(encode(value, "msgpack")).value).toStrictEqual(plainObjects(value));
    }),
    manyRuns,
  );
});

/** fast-check makes dictionaries without a prototype. */
function plainObjects(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([name, of]) => [plainObjects(name), plainObjects(of)]));
  if (value instanceof Set) return new Set([...value].map(plainObjects));
  if (Array.isArray(value)) return value.map(plainObjects);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, plainObjects(of)]));
}

test("bigints around the limits of each length survive", () => {
  for (const power of [
    0, 1, 7, 8, 15, 16, 31, 32, 47, 48, 53, 55, 56, 63, 64, 71, 127, 128, 511, 512, 519, 2_047, 2_048, 8_190,
  ]) {
    for (const step of [-1n, 0n, 1n]) {
      for (const value of [2n ** BigInt(power) + step, -(2n ** BigInt(power)) - step]) {
        expect(decode(encode(value, "msgpack")).value).toBe(value);
      }
    }
  }
});

test("undefined becomes an empty payload in either encoding, and an empty payload becomes undefined", () => {
  for (const encoding of encodings) expect(encode(undefined, encoding)).toHaveLength(0);
  expect(decode(new Uint8Array(0))).toEqual({ value: undefined, encoding: undefined });
  expect(encodingOf(new Uint8Array(0))).toBeUndefined();
});

test("integers around the limits of each form survive, alone and in an array", () => {
  const limits = [0, 5, 7, 8, 15, 16, 31, 32, 53].flatMap((power) => [-1, 0, 1].map((step) => 2 ** power + step));
  for (const number of [...limits, ...limits.map((limit) => -limit)].filter(Number.isSafeInteger)) {
    const payload = encode(number, "msgpack");
    expect(payload[0]).toBeGreaterThanOrEqual(0x80);
    expect(decode(payload).value).toBe(number === 0 ? 0 : number);
    expect(decode(encode([number], "msgpack")).value).toEqual([number === 0 ? 0 : number]);
  }
});

test("strings, arrays and maps with every form of length survive", () => {
  for (const length of [0, 15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
    for (const value of ["x".repeat(length), "ü".repeat(length), new Uint8Array(length), new Array(length).fill(1)]) {
      expect(decode(encode(value, "msgpack")).value).toEqual(value);
    }
    const map = Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, i]));
    expect(decode(encode(map, "msgpack")).value).toEqual(map);
  }
});

// MESSAGEPACK-WRITER-2
test("a large payload does not make later ones retain more memory", () => {
  const large = encode("x".repeat(1_000_000), "msgpack");
  expect(large.buffer.byteLength).toBe(large.length);
  const small = encode("small", "msgpack");
  expect(small.buffer.byteLength).toBeLessThanOrEqual(64 * 1024);
  expect(encode("its neighbour", "msgpack").buffer).toBe(small.buffer);
});

// MESSAGEPACK-WRITER-3
test("a getter that encodes something itself does not get into the payload around it", () => {
  const inner: Uint8Array[] = [];
  const value = {
    before: 1,
    get now() {
      inner.push(encode({ inner: "x".repeat(10_000) }, "msgpack"), encode({ inner: true }, "msgpack"));
      return "a";
    },
    after: [2, "b"],
  };
  for (let i = 0; i < 3; i++) {
    expect(decode(encode(value, "msgpack")).value).toEqual({ before: 1, now: "a", after: [2, "b"] });
  }
  for (const [i, payload] of inner.entries()) {
    expect(decode(payload).value).toEqual({ inner: i % 2 === 0 ? "x".repeat(10_000) : true });
  }
});

test("a getter that gives something else the second time cannot make a payload that nobody reads", () => {
  let read = 0;
  const value = {
    get later() {
      return ++read === 1 ? 1 : undefined;
    },
  };
  expect(() => encode(value, "msgpack")).toThrow(Unencodable);
  expect(decode(encode({ a: 1 }, "msgpack")).value).toEqual({ a: 1 });
});

test("text of each length and width survives, alone and beside others", () => {
  const units = ["x", "ü", "日", "🍵"];
  const lengths = [
    0, 1, 7, 8, 10, 11, 15, 16, 24, 25, 31, 32, 63, 64, 85, 86, 127, 128, 255, 256, 341, 342, 1_023, 1_024,
  ];
  for (const unit of units) {
    for (const length of [...lengths, 21_845, 21_846, 65_535, 65_536]) {
      const text = unit.repeat(length);
      expect(decode(encode(text, "msgpack")).value).toBe(text);
      expect(decode(encode([text, `x${text}`, 1], "msgpack")).value).toEqual([text, `x${text}`, 1]);
    }
  }
});

// MESSAGEPACK-WRITER-1
test("a returned payload is never written to again", () => {
  for (const encoding of encodings) {
    const kept = Array.from({ length: 1_000 }, (_, i) => encode({ sku: `first ${i}` }, encoding));
    for (let i = 0; i < 10_000; i++) encode({ sku: "later".repeat(i % 100) }, encoding);
    expect(kept.map((payload) => decode(payload).value)).toEqual(kept.map((_, i) => ({ sku: `first ${i}` })));
  }
});

test("decoded bytes are a copy, and a plain Uint8Array", () => {
  const payload = Buffer.from(encode(Uint8Array.of(1, 2, 3), "msgpack"));
  const { value } = decode(payload);
  payload.fill(0xff);
  expect(value).toEqual(Uint8Array.of(1, 2, 3));
  expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype);
});
