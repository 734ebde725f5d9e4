import { isDeepStrictEqual } from "node:util";
import { Packr } from "msgpackr";
import { expect, test } from "vitest";
import { decode, encode, Malformed, Unencodable } from "./index.js";

const packr = new Packr({ useRecords: false, variableMapSize: true, useToJSON: false });
const written = (value: unknown): Uint8Array => new Uint8Array(packr.pack(value));

const many = (count: number, make: (i: number) => unknown): unknown[] =>
  Array.from({ length: count }, (_, i) => make(i));
const named = (count: number, name: (i: number) => string): object =>
  Object.fromEntries(many(count, (i) => [name(i), 0]) as [string, number][]);

/** Many small values, in every shape that has a weight. */
const shapes: Record<string, (count: number) => unknown> = {
  "empty arrays": (count) => many(count, () => []),
  "empty maps": (count) => many(count, () => ({})),
  pairs: (count) => many(count, (i) => [i % 9, 1]),
  points: (count) => many(count, (i) => ({ x: i % 9, y: 1 })),
  "maps of one, nested": (count) => many(count, () => ({ a: { b: 0 } })),
  "unique keys": (count) => many(count, (i) => ({ [`k${i}`]: 0 })),
  "many unique keys": (count) => many(count / 64, (i) => named(20, (k) => `k${i}x${k}`)),
  "one map": (count) => named(count, (i) => `k${i}`),
  "maps with an index": (count) => many(count, () => ({ a: 0, 1023: 0 })),
  "one map of indexes": (count) => named(count, (i) => `${i * 7}`),
  "keys left out": (count) => many(count, () => ({ a: undefined, b: 0, c: undefined })),
  text: (count) => many(count, () => ["a"]),
};

/** Of what only this writer writes, so nobody else can send one too many. */
const extensions: Record<string, (count: number) => unknown> = {
  bigints: (count) => many(count, (i) => [BigInt(i % 9)]),
  "empty sets": (count) => many(count, () => new Set()),
  "sets of text": (count) => many(count, () => new Set(["a", "b"])),
  "one set of text": (count) => new Set(many(count, (i) => `t${i}`)),
  "one set of numbers": (count) => new Set(many(count, (i) => i)),
  "one set of indexes": (count) => new Set(many(count, (i) => `${i}`)),
  "one Map": (count) => new Map(many(count, (i) => [`k${i}`, i]) as [string, number][]),
  "one Map of numbers": (count) => new Map(many(count, (i) => [i, i]) as [number, number][]),
};

function isTaken(act: () => unknown, refusal: typeof Malformed | typeof Unencodable): boolean {
  try {
    act();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(refusal);
    expect((error as Malformed | Unencodable).reason).toContain("too many small values for its size");
    return false;
  }
}

const maxEntries = 2 ** 16 - 1;

/** The largest accepted count up to maxEntries, give or take `exact` below. */
function most(isTakenAt: (count: number) => boolean, exact = 1): number {
  let count = 0;
  for (let step = (maxEntries + 1) / 2; step >= exact; step /= 2) {
    if (isTakenAt(count + step)) count += step;
  }
  return count;
}

test.each(Object.entries(shapes))(
  "MessagePack with %s: the reader accepts exactly what the writer sends",
  (name, shape) => {
    const sent = most((count) => isTaken(() => encode(shape(count), "msgpack"), Unencodable));
    expect(sent).toBeGreaterThan(300);
    expect(isTaken(() => decode(encode(shape(sent), "msgpack")), Malformed)).toBe(true);
    if (name === "keys left out") return; // Another writer sends those.
    expect(isTaken(() => decode(written(shape(sent + 1))), Malformed)).toBe(sent === maxEntries);
  },
  60_000,
);

test.each(Object.entries(extensions))(
  "MessagePack with %s: the reader accepts everything that the writer sends, and no more is sent than that",
  (_name, shape) => {
    const sent = most((count) => isTaken(() => encode(shape(count), "msgpack"), Unencodable));
    expect(sent).toBeGreaterThan(300);
    expect(isTaken(() => decode(encode(shape(sent), "msgpack")), Malformed)).toBe(true);
  },
  60_000,
);

test("a Set or a Map takes no more memory than its weight allows", () => {
  const before = process.memoryUsage().heapUsed;
  const value = new Set(many(40_000, (i) => `member ${i}`));
  const payload = encode(value, "msgpack");
  const read = decode(payload).value;
  expect(read).toStrictEqual(value);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(40 * 2 ** 20);
});

// JSON does not say in advance how many keys a map has, so a reader may accept a little more.
test.each(Object.entries(shapes))(
  "JSON with %s: the reader accepts everything that the writer sends",
  (_name, shape) => {
    const sent = most((count) => isTaken(() => encode(shape(count), "json"), Unencodable), 64);
    expect(isTaken(() => decode(encode(shape(sent), "json")), Malformed)).toBe(true);
  },
  60_000,
);

test("a megabyte of rows, of points or of a price list can be sent in either encoding", () => {
  const tables = [
    many(12_000, (i) => ({
      id: i,
      name: `product ${i}`,
      price: i / 7,
      tags: ["a", "bb"],
      at: { city: "Graz", zip: i },
    })),
    many(40_000, (i) => [i / 7, i / 9]),
    named(60_000, (i) => `sku-${100_000 + i}`),
    many(3_000, (i) => named(40, (k) => `column ${k + (i % 3)}`)),
  ];
  for (const table of tables) {
    expect(isDeepStrictEqual(decode(encode(table, "msgpack")).value, table)).toBe(true);
    expect(isDeepStrictEqual(decode(encode(table, "json")).value, table)).toBe(true);
  }
}, 60_000);

// For the single index 1,023, V8 allocates 1,534 elements: 12 kB from 7 bytes.
test("a map with one index does not allocate all indexes below it", () => {
  const payload = written(many(2_000, () => ({ 1023: 0 })));
  const before = process.memoryUsage().heapUsed;
  const { value } = decode(payload);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
  expect(value).toHaveLength(2_000);
});

test("maps with indexes survive with all keys, in the order of objects", () => {
  for (const value of [
    { b: 1, a: { 7: [1], 3: "x" }, 1023: null, 5: { c: 1 }, 4294967294: 1, 4294967295: 2, "01": 3, "-1": 4, "": 5 },
    { 0: "a", 1: "b" },
  ]) {
    const { value: read } = decode(encode(value, "msgpack"));
    expect(read).toStrictEqual(value);
    expect(Object.keys(read as object)).toEqual(Object.keys(value));
  }
});

test("the last of equal indexes wins", () => {
  const twice = Uint8Array.of(0x83, 0xa1, 0x37, 1, 0xa1, 0x61, 2, 0xa1, 0x37, 3);
  expect(decode(twice).value).toStrictEqual({ 7: 3, a: 2 });
});

test("an escaped index in JSON weighs the same", () => {
  const rows = (key: string) => Buffer.from(`[${`{"${key}":1},`.repeat(20_000)}0]`);
  expect(isTaken(() => decode(rows("a23456789012")), Malformed)).toBe(true);
  expect(isTaken(() => decode(rows("1000")), Malformed)).toBe(false);
  expect(isTaken(() => decode(rows("\\u0031000")), Malformed)).toBe(false);
  expect(isTaken(() => decode(rows("1\\u003000")), Malformed)).toBe(false);
});

test("the writer says what is too heavy, and what to do", () => {
  expect(() =>
    encode(
      many(20_000, () => []),
      "msgpack",
    ),
  ).toThrow("Cannot send this value: too many small values for its size, 20003 bytes; send it in parts");
});
