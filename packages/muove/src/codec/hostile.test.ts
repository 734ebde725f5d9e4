import fc from "fast-check";
import { Packr } from "msgpackr";
import { afterEach, expect, test, vi } from "vitest";
import { hashOf } from "../../../../test/support/v8-hash.js";
import { decode, encode, Malformed, maxDepth } from "./index.js";

/** The number of payloads, and the seed that reproduces them. */
const { MUOVE_CASES, MUOVE_SEED } = process.env;
const cases = Number(MUOVE_CASES ?? 120_000);
const seed = Number(MUOVE_SEED ?? Date.now() % 2 ** 31);
const patience = { timeout: 60_000 };
const share = (part: number) => ({ seed, numRuns: Math.ceil(cases * part) });

afterEach(() => {
  vi.restoreAllMocks();
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const text = (json: string): Uint8Array => new Uint8Array(Buffer.from(json));

/** The reason of the refusal, or undefined if the payload was read. Any other error fails the test. */
function refusal(payload: Uint8Array): string | undefined {
  try {
    decode(payload);
    return undefined;
  } catch (error) {
    if (error instanceof Malformed) return error.reason;
    throw error;
  }
}

test("random bytes give either a value or Malformed", patience, () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (payload) => {
      refusal(payload);
    }),
    share(5 / 12),
  );
});

/** Valid starts, so that the reader reaches most of the bytes after them. */
const start = fc.constantFrom(
  "81",
  "92",
  "de0001",
  "dc0001",
  "dd00000001",
  "c7",
  "c8",
  "c9",
  "d4",
  "d7",
  "c5",
  "db",
  "81a9",
  "d542",
  "d673",
  "d66d92",
  "c7ff73",
  "c7206ddc0004",
);

test("random bytes after a valid start give either a value or Malformed", patience, () => {
  fc.assert(
    fc.property(fc.array(start, { maxLength: 5 }), fc.uint8Array({ maxLength: 30 }), (heads, rest) => {
      refusal(Buffer.concat([bytes(heads.join("")), rest]));
    }),
    share(5 / 12),
  );
});

for (const encoding of ["msgpack", "json"] as const) {
  test(`changed ${encoding} gives either a value or Malformed`, patience, () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom("set", "cut", "insert") });
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(change, { minLength: 1, maxLength: 4 }), (value, changes) => {
        let payload = Buffer.from(encode(clean(value), encoding));
        for (const { at, byte, kind } of changes) {
          const position = at % (payload.length + 1);
          const end = kind === "cut" ? Buffer.alloc(0) : payload.subarray(kind === "set" ? position + 1 : position);
          payload = Buffer.concat([payload.subarray(0, position), kind === "cut" ? end : Buffer.of(byte), end]);
        }
        refusal(payload);
      }),
      share(1 / 12),
    );
  });
}

const clean = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/__proto__|prototype/g, "harmless"));

test("every truncated payload is refused", () => {
  const good = encode(
    {
      a: [1, -1, 300, 70_000, 1.5, 2n ** 63n, "text", Uint8Array.of(1), new Date(1)],
      b: { c: null },
      d: new Map<unknown, unknown>([["a", new Set([1, "b"])]]),
    },
    "msgpack",
  );
  for (let length = 1; length < good.length; length++) {
    expect(refusal(good.subarray(0, length)), `${length} bytes`).toBe("it ends before its value does");
  }
});

test("bytes after a payload in the same buffer are not read", () => {
  const buffer = new Uint8Array([...bytes("92 a1 61 a3"), ...bytes("62 63 64 ff")]);
  expect(refusal(buffer.subarray(0, 4))).toBe("it ends before its value does");
});

test("a claim of four billion elements costs neither time nor memory", () => {
  const before = process.memoryUsage();
  for (const head of ["dd ffffffff", "df ffffffff", "db ffffffff", "c6 ffffffff", "c9 ffffffff ff"]) {
    for (let i = 0; i < 1_000; i++) expect(refusal(bytes(head))).toBe("it ends before its value does");
  }
  const after = process.memoryUsage();
  expect(after.rss - before.rss).toBeLessThan(200 * 2 ** 20);
});

// Each array claims all remaining bytes, which passes a check of each array alone: 128 levels of a million elements
// would be a gigabyte. So claimed lengths are weighed before anything is allocated.
test("nested claims are refused by their sum", () => {
  const size = 1_000_000;
  const lie = Buffer.alloc(size, 0xc0);
  for (let level = 0; level < maxDepth; level++) {
    lie[level * 5] = 0xdd;
    lie.writeUInt32BE(size - (level + 1) * 5, level * 5 + 1);
  }
  const before = process.memoryUsage().rss;
  expect(refusal(lie)).toBe("too many small values for its size");
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
});

test("a claim is refused before any of its elements is read", () => {
  for (const head of ["dd ffffffff", "df ffffffff", "dc 0003", "de 0002", "93", "82"]) {
    expect(refusal(bytes(`${head} c1`))).toBe("it ends before its value does");
  }
});

test("invalid UTF-8 is refused at any position, in strings and keys of any length", () => {
  for (let length = 1; length <= 40; length++) {
    for (let at = 0; at < length; at++) {
      const string = Buffer.alloc(length, "x")
        .fill(0xff, at, at + 1)
        .toString("hex");
      const head = `d9${length.toString(16).padStart(2, "0")}`;
      expect(refusal(bytes(head + string))).toBe("text that is not UTF-8");
      expect(refusal(bytes(`81${head}${string}c0`))).toBe("text that is not UTF-8");
    }
  }
});

test("KEY-CACHE-1: reusing a buffer does not change a cached key", () => {
  const buffer = bytes("81 a5 6178627963 01");
  expect(decode(buffer).value).toEqual({ axbyc: 1 });
  buffer[3] = 0x7a;
  expect(decode(buffer).value).toEqual({ azbyc: 1 });
});

test("nesting is refused one level beyond the limit, and a million levels beyond it", () => {
  for (const [open, inner, close] of [
    ["91", "c0", ""],
    ["81a161", "c0", ""],
    ["5b", "31", "5d"],
    ["7b2261223a", "31", "7d"],
  ] as const) {
    const deep = (levels: number) => bytes(open.repeat(levels) + inner + close.repeat(levels));
    expect(refusal(deep(maxDepth))).toBeUndefined();
    expect(refusal(deep(maxDepth + 1))).toBe("nested more than 128 deep");
    expect(refusal(deep(1_000_000))).toBe("nested more than 128 deep");
  }
});

test("siblings do not count as depth", () => {
  const wide = { lists: new Array(maxDepth * 2).fill([]), maps: new Array(maxDepth * 2).fill({}) };
  expect(decode(text(JSON.stringify(wide))).value).toEqual(wide);
  expect(decode(encode(wide, "msgpack")).value).toEqual(wide);
});

test("brackets in a JSON string do not count as depth", () => {
  expect(refusal(text(JSON.stringify(['"[{\\'.repeat(500)])))).toBeUndefined();
});

test.each([
  ['{"__proto__":{"polluted":1}}', "81 a9 5f5f70726f746f5f5f 81 a8 706f6c6c75746564 01"],
  ['[{"\\u005f_proto__":{"polluted":1}}]', "91 81 d909 5f5f70726f746f5f5f 81 a8 706f6c6c75746564 01"],
  [
    '{"constructor":{"prototype":{"polluted":1}}}',
    "81 ab 636f6e7374727563746f72 81 a9 70726f746f74797065 81 a8 706f6c6c75746564 01",
  ],
])("%s is refused in both encodings", (json, hex) => {
  expect(refusal(text(json))).toBe("a key that could change a prototype");
  expect(refusal(bytes(hex))).toBe("a key that could change a prototype");
});

test("other keys with a meaning in JavaScript are plain keys", () => {
  const { value } = decode(text('{"constructor":1,"hasOwnProperty":2,"toString":3,"prototype":4}'));
  expect(value).toEqual({ constructor: 1, hasOwnProperty: 2, toString: 3, prototype: 4 });
});

/** A msgpackr record, repeated often enough that msgpackr generates code to read it. */
const recordPayload = bytes(`96 d4 72 40 91 a1 61 01 ${"40 01".repeat(5)}`);

test("msgpackr's records do not reach the Function constructor", () => {
  const made = vi.spyOn(globalThis, "Function");
  // Proves that the bytes are dangerous and that the spy notices:
  new Packr({ useRecords: false }).unpack(Buffer.from(recordPayload));
  expect(made).toHaveBeenCalled();

  made.mockClear();
  expect(refusal(recordPayload)).toBe("an unknown extension of type 114");
  expect(made).not.toHaveBeenCalled();
});

test("every unknown extension type is refused, in every form", () => {
  const forms = ["d4 T 00", "d5 T 0000", `d6 T ${"00".repeat(4)}`, `d7 T ${"00".repeat(8)}`, `d8 T ${"00".repeat(16)}`];
  const all = [...forms, "c7 00 T", "c7 01 T 00", "c8 0001 T 00", "c9 00000001 T 00"];
  for (let type = -128; type <= 127; type++) {
    if ([-1, 0x42, 0x6d, 0x73].includes(type)) continue;
    for (const form of all) {
      const payload = bytes(form.replace("T", (type & 0xff).toString(16).padStart(2, "0")));
      expect(refusal(payload)).toBe(`an unknown extension of type ${type}`);
    }
  }
});

test.each([
  ["a bigint of no bytes", "c7 00 42", "a bigint that is not 1 to 1024 bytes long"],
  ["a bigint of 1,025 bytes", `c8 0401 42 ${"01".repeat(1_025)}`, "a bigint that is not 1 to 1024 bytes long"],
  ["a set of no bytes", "c7 00 73", "it ends before its value does"],
  ["a set that is a map", "d4 73 80", "an extension that is not one array"],
  ["msgpackr's set, whose members follow it", "92 d4 73 00 91 01", "an extension that is not one array"],
  ["a set that ends before its members do", "92 d4 73 91 01", "an extension that is not one array"],
  ["a set with more than its members", "c7 03 73 91 01 01", "an extension that is not one array"],
  ["a set that claims four billion members", "c7 05 73 dd ffffffff", "it ends before its value does"],
  ["a Map with a key alone", "d5 6d 91 01", "a Map with a key without a value"],
  ["a Map that claims four billion entries", "c7 05 6d dd fffffffe", "it ends before its value does"],
  ["a poisoned object in a set", "c7 0d 73 91 81 a9 5f5f70726f746f5f5f 01", "a key that could change a prototype"],
])("%s is refused", (_what, hex, reason) => {
  expect(refusal(bytes(hex))).toBe(reason);
});

test("an integer in JSON is read exactly if a number can hold it, or if JavaScript writes it so, and refused otherwise", () => {
  const around = fc.bigInt({ min: 10n ** 14n, max: 10n ** 23n });
  const even = fc.tuple(around, fc.bigInt({ min: 0n, max: 70n })).map(([integer, bits]) => (integer >> bits) << bits);
  fc.assert(
    fc.property(fc.oneof(around, even), fc.boolean(), (magnitude, negative) => {
      const integer = negative ? -magnitude : magnitude;
      const written = `{"id":${integer},"x":[${integer}],"y":"${"x".repeat(200)}"}`;
      const isExact = BigInt(Number(integer)) === integer || String(Number(integer)) === String(integer);
      for (const payload of [text(String(integer)), text(written)]) {
        expect(refusal(payload)).toBe(
          isExact ? undefined : "an integer that a number cannot hold exactly; send a bigint or a string",
        );
      }
      const double = Number(integer);
      expect(decode(text(JSON.stringify(double))).value).toBe(double);
    }),
    { numRuns: 5_000 },
  );
  for (const wrong of [".1234567890123456", "/1234567890123456", "-", "1234567890123456-1", "-.12345678901234567"]) {
    expect(refusal(text(`[${wrong}]`))).toBe("text that is not JSON");
  }
});

test("sets and Maps count as levels, and are refused a million levels deep", () => {
  const deep = (levels: number) => Buffer.concat([bytes("91".repeat(levels - 1)), bytes("d4 73 90")]);
  expect(refusal(deep(maxDepth))).toBeUndefined();
  expect(refusal(deep(maxDepth + 1))).toBe("nested more than 128 deep");
  expect(refusal(bytes("c9 7fffffff 73 91".repeat(100_000)))).toBe("it ends before its value does");
});

function colliding(count: number): number[] {
  const members: number[] = [];
  for (let i = 0; members.length < count; i++) if ((hashOf(i) & 0x1f_ff) === 5) members.push(i);
  return members;
}

// A few thousand such numbers take a second; so the more there are, the more each weighs.
test("numbers that all collide in V8's hash tables are refused before they cost much", () => {
  const members = (list: readonly unknown[]) => encode(list, "msgpack");
  const setOf = (array: Uint8Array) => {
    const head = Buffer.from([0xc9, 0, 0, 0, 0, 0x73]);
    head.writeUInt32BE(array.length, 1);
    return Buffer.concat([head, array]);
  };
  const all = colliding(4_000);
  expect(refusal(setOf(members(all)))).toBe("too many small values for its size");
  expect(refusal(setOf(members(all.map(String))))).toBe("too many small values for its size");
  expect(refusal(setOf(members(all.slice(0, 1_000))))).toBeUndefined();
  expect(refusal(setOf(members(all.map((member) => `id ${member}`))))).toBeUndefined();
});

test("the error says what is wrong and does not repeat the bytes", () => {
  const secret = text('{"password":"hunter2" oops');
  try {
    decode(secret);
    expect.unreachable();
  } catch (error) {
    expect(String(error)).toBe("Malformed: Not a payload: text that is not JSON");
    expect((error as Malformed).cause).toBeUndefined();
  }
});
