import fc from "fast-check";
import { Packr } from "msgpackr";
import { expect, test } from "vitest";
import { decode, encode, encodingOf } from "./index.js";

/** Another library, configured as its users do to talk to other languages. */
const other = new Packr({ useRecords: false, int64AsType: "number" });
/** The same, with the shortest heads for maps. */
const shortest = new Packr({ useRecords: false, variableMapSize: true });

const instant = fc.date({ noInvalidDate: true });
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
const key = fc.string({ unit: "binary" }).filter((text) => text !== "__proto__" && text !== "prototype");
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.integer({ min: -200, max: 70_000 }),
    fc.double(),
    fc.string({ unit: "binary", maxLength: 100 }),
    instant,
    bytes,
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(key, tie("value"), { maxKeys: 20 }),
  ),
})).value;

/** msgpackr writes these in another form, or another instant: its milliseconds are those of the second before. */
function hasOddInstant(part: unknown): boolean {
  if (part instanceof Date) return part.getTime() < 1_000 || part.getTime() >= 2 ** 32 * 1_000;
  if (part instanceof Uint8Array || typeof part !== "object" || part === null) return false;
  return Object.values(part).some(hasOddInstant);
}

/** Turns Buffers into plain bytes, so that sent and received values can be compared. */
function withPlainBytes(part: unknown): unknown {
  if (part instanceof Uint8Array) return new Uint8Array(part);
  if (part instanceof Date || typeof part !== "object" || part === null) return part === 0 ? 0 : part;
  if (Array.isArray(part)) return part.map(withPlainBytes);
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, withPlainBytes(inner)]));
}

test("another library reads what this codec writes", () => {
  fc.assert(
    fc.property(value, (sent) => {
      expect(withPlainBytes(other.unpack(Buffer.from(encode(sent, "msgpack"))))).toEqual(withPlainBytes(sent));
    }),
    { numRuns: 3_000 },
  );
});

test("this codec writes the bytes that another library writes", () => {
  fc.assert(
    fc.property(value, (sent) => {
      const payload = shortest.pack(sent);
      fc.pre(encodingOf(payload) === "msgpack" && !hasOddInstant(sent));
      expect(Buffer.from(encode(sent, "msgpack")).toString("hex")).toBe(payload.toString("hex"));
    }),
    { numRuns: 3_000 },
  );
});

test("instants take the shortest form that holds them", () => {
  const second = 2 ** 32;
  const written = (seconds: number, ms = 0): string =>
    Buffer.from(encode(new Date(seconds * 1_000 + ms), "msgpack")).toString("hex");
  expect(written(0)).toBe("d6ff00000000");
  expect(written(second - 1)).toBe("d6ffffffffff");
  expect(written(0, 1)).toBe("d7ff003d090000000000");
  expect(written(second)).toBe("d7ff0000000100000000");
  expect(written(4 * second - 1, 999)).toBe("d7ffee2e1f03ffffffff");
  expect(written(4 * second)).toBe("c70cff000000000000000400000000");
  expect(written(0, -1)).toBe("c70cff3b8b87c0ffffffffffffffff");
});

test("this codec reads what another library writes", () => {
  fc.assert(
    fc.property(value, (sent) => {
      const payload = other.pack(sent);
      fc.pre(encodingOf(payload) === "msgpack"); // a lone integer from 0 to 127 it writes as one byte: JSON to us
      expect(withPlainBytes(decode(payload).value)).toEqual(withPlainBytes(sent));
    }),
    { numRuns: 3_000 },
  );
});

test("64-bit integers of another library become numbers, and are refused where a number is not exact", () => {
  const power = fc.integer({ min: 53, max: 62 }).map((exponent) => 2n ** BigInt(exponent));
  fc.assert(
    fc.property(
      fc.oneof(power, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), fc.bigInt(-(2n ** 53n), 2n ** 53n)),
      (integer) => {
        if (BigInt(Number(integer)) === integer) expect(decode(other.pack(integer)).value).toBe(Number(integer));
        else expect(() => decode(other.pack(integer))).toThrow("an integer that a number cannot hold exactly");
      },
    ),
    { numRuns: 2_000 },
  );
});

test("bigints have the extension of another library, which reads them as they are", () => {
  const large = new Packr({ useRecords: false, useBigIntExtension: true });
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 1_000n), max: 2n ** 1_000n }), (integer) => {
      expect(BigInt(large.unpack(Buffer.from(encode(integer, "msgpack"))))).toBe(integer);
      if (BigInt.asIntN(64, integer) !== integer && BigInt.asUintN(64, integer) !== integer)
        expect(decode(large.pack(integer)).value).toBe(integer);
    }),
  );
});

// msgpackr's own reader strips it, but only from strings of more than 64 bytes.
test("a byte order mark at the start of a string is part of it, whatever its length", () => {
  for (const length of [0, 10, 100, 1_000]) {
    const text = `\ufeff${"x".repeat(length)}`;
    expect(decode(other.pack(text)).value).toBe(text);
    expect(decode(encode(text, "json")).value).toBe(text);
  }
});

// msgpackr's own reader adds nanoseconds as a fraction, which rounds up to the next second in present-day instants.
test("the nanoseconds of a timestamp never move it into the next millisecond", () => {
  const payload = Buffer.from("d7ff0000000000000000", "hex");
  payload.writeUInt32BE(999_999_999 * 4, 2);
  payload.writeUInt32BE(1_700_000_000, 6);
  expect(decode(payload).value).toEqual(new Date(1_700_000_000_999));
});
