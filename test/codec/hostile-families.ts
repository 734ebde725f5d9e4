import type { Random } from "../support/random.js";
import { hashOf } from "../support/v8-hash.js";

// Payloads that cost their reader as much as possible for their size; one family for each kind of cost.

/** What JSON.parse reads for comparison: a table of rows, or an object of different keys. */
export type Kind = "rows" | "keys";

export interface Family {
  readonly name: string;
  readonly kind: Kind;
  readonly make: (random: Random, size: number) => Buffer;
}

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(" ", ""), "hex");

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The number `i` in letters; unique for as many numbers as `length` letters can express. */
function word(i: number, length: number): string {
  let text = "";
  for (let rest = i; text.length < length; rest = Math.floor(rest / letters.length)) {
    text += letters[rest % letters.length];
  }
  return text;
}

const text = (content: string): Buffer =>
  Buffer.concat([Buffer.of(0xd9, Buffer.byteLength(content)), Buffer.from(content)]);
const short = (content: string): Buffer =>
  Buffer.concat([Buffer.of(0xa0 | Buffer.byteLength(content)), Buffer.from(content)]);

/** As many parts as fit into `size`. */
function parts(size: number, part: (i: number) => Buffer): Buffer[] {
  const all: Buffer[] = [];
  for (let i = 0, sum = 0; ; i++) {
    const next = part(i);
    sum += next.length;
    if (sum > size && all.length > 0) return all;
    all.push(next);
  }
}

function packed(head: number, size: number, part: (i: number) => Buffer): Buffer {
  const all = parts(size - 5, part);
  const count = Buffer.alloc(5, head);
  count.writeUInt32BE(all.length, 1);
  return Buffer.concat([count, ...all]);
}

const packedArray = (size: number, part: (i: number) => Buffer): Buffer => packed(0xdd, size, part);
const packedMap = (size: number, part: (i: number) => Buffer): Buffer => packed(0xdf, size, part);

function written(size: number, open: string, part: (i: number) => string, close: string): Buffer {
  const all = parts(size - 2, (i) => Buffer.from(`${part(i)},`));
  return Buffer.from(open + Buffer.concat(all).toString().slice(0, -1) + close);
}

const writtenArray = (size: number, part: (i: number) => string): Buffer => written(size, "[", part, "]");
const writtenMap = (size: number, key: (i: number) => string): Buffer =>
  written(size, "{", (i) => `${JSON.stringify(key(i))}:1`, "}");

type Make = Family["make"];

/** An array that repeats one part. */
const again =
  (digits: string): Make =>
  (_random, size) => {
    const part = hex(digits);
    const count = Math.max(1, Math.floor((size - 5) / part.length));
    const head = Buffer.alloc(5, 0xdd);
    head.writeUInt32BE(count, 1);
    return Buffer.concat([head, Buffer.alloc(count * part.length, part)]);
  };
const writtenAgain =
  (json: string): Make =>
  (_random, size) => {
    const count = Math.max(1, Math.floor((size - 1) / (json.length + 1)));
    return Buffer.from(`[${`${json},`.repeat(count).slice(0, -1)}]`);
  };

const extension = (type: number, content: Buffer): Buffer => {
  const head = Buffer.of(0xc9, 0, 0, 0, 0, type);
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, content]);
};

/** Integers that come into the same bucket of a Set of up to 4,096, as MessagePack. */
const colliding: readonly Buffer[] = (() => {
  const found: Buffer[] = [];
  for (let i = 65_536; found.length < 4_000; i++) {
    if ((hashOf(i) & 0x7ff) === 5) found.push(hex(`ce ${i.toString(16).padStart(8, "0")}`));
  }
  return found;
})();
const setOf = (members: number): Buffer =>
  extension(
    0x73,
    packedArray(members * 5 + 5, (i) => colliding[i % colliding.length] as Buffer),
  );

const chain = (open: string, inner: string): string => open.repeat(126) + inner;

/** The same few keys in random order. */
const shuffled = (random: Random): string[] => Array.from({ length: 15 }, () => word(random.between(0, 61), 1));

const rows: Record<string, Make> = {
  "empty arrays": again("90"),
  "arrays of one": again("91 01"),
  "arrays of 15": again(`9f ${"01".repeat(15)}`),
  "arrays of 18": again(`dc 0012 ${"01".repeat(18)}`),
  "chains of arrays": again(chain("91", "c0")),
  "chains of maps": again(chain("81a161", "c0")),
  "deep, with siblings": again(chain("92c0", "c0")),
  "empty maps": again("80"),
  "maps of one": again("81 a161 01"),
  points: again("82 a178 01 a179 02"),
  nils: again("c0"),
  integers: again("01"),
  "32-bit integers": again("ce ffffffff"),
  "32-bit floats": again("ca 3fc00001"),
  "a float, integers and text": (_random, size) =>
    packedArray(size, (i) => hex(i === 0 ? "cb 3ff8000000000000" : i === 9 ? "a178" : "01")),
  "empty bytes": again("c4 00"),
  bytes: again("c4 01 01"),
  "65 bytes": again(`c4 41 ${"01".repeat(65)}`),
  dates: again("d6 ff 00000001"),
  "64-bit dates": again("d7 ff 0000000100000001"),
  "empty sets": again("d4 73 90"),
  "sets of one": again("d5 73 91 01"),
  "sets of five": again("c7 06 73 95 01 02 03 04 05"),
  "Maps of one": again("c7 03 6d 92 01 01"),
  "Maps of five": again("c7 0b 6d 9a 01 01 02 01 03 01 04 01 05 01"),
  "one set of text": (_random, size) =>
    extension(
      0x73,
      packedArray(size - 6, (i) => short(word(i, 5))),
    ),
  "one Map of text": (_random, size) =>
    extension(
      0x6d,
      packedArray(((size >> 4) << 4) - 7, (i) => short(word(i >> 1, 7))),
    ),
  "chains of sets": (_random, size) => packedArray(size, () => hex(`${"91".repeat(120)} d5 73 91 01`)),
  "bigints of a byte": again("d4 42 01"),
  "negative bigints": again("d4 42 ff"),
  "bigints of 9 bytes": again(`c7 09 42 01 ${"00".repeat(8)}`),
  "bigints of 1,024 bytes": again(`c8 0400 42 ${"7f".repeat(1_024)}`),
  "sets of 500 numbers that collide": (_random, size) => packedArray(size, () => setOf(500)),
  "sets of 900 numbers that collide": (_random, size) => packedArray(size, () => setOf(900)),
  "one set of numbers that collide": (_random, size) => setOf(Math.min(4_000, Math.floor(size / 5))),
  "JSON: integers of 16 digits": writtenAgain("9007199254740994"),
  "JSON: integers of 19 digits": writtenAgain("1152921504606847000"),
  "JSON: integers of 308 digits": writtenAgain("1".padEnd(308, "0")),
  "text of 1": again("a1 78"),
  "text of 2": (_random, size) => packedArray(size, (i) => short(word(i, 2))),
  "text of 3": (_random, size) => packedArray(size, (i) => short(word(i, 3))),
  "text of 9": (_random, size) => packedArray(size, (i) => short(word(i, 9))),
  "text of 24": (_random, size) => packedArray(size, (i) => short(word(i, 24))),
  "text of 25": (_random, size) => packedArray(size, (i) => short(word(i, 25))),
  "text beyond ASCII": (_random, size) => packedArray(size, (i) => short(String.fromCharCode(0x100 + (i % 1_000)))),
  "text of three bytes": (_random, size) => packedArray(size, (i) => short(String.fromCharCode(0x900 + (i % 9_000)))),
  "a bad end": (_random, size) => Buffer.concat([packedArray(size - 1, () => hex("92 01 02")), hex("c1")]),
  "JSON: integers": writtenAgain("1"),
  "JSON: floats": writtenAgain("1.5"),
  "JSON: large exponents": writtenAgain("1e308"),
  "JSON: small exponents": writtenAgain("1e-300"),
  "JSON: a long number": (_random, size) => Buffer.alloc(size, "1"),
  "JSON: a long fraction": (_random, size) => Buffer.concat([Buffer.from("0."), Buffer.alloc(size - 2, "1")]),
  "JSON: empty arrays": writtenAgain("[]"),
  "JSON: empty objects": writtenAgain("{}"),
  "JSON: arrays of one": writtenAgain("[1]"),
  "JSON: chains of arrays": writtenAgain(chain("[", "") + "]".repeat(126)),
  "JSON: chains of objects": writtenAgain(chain('{"":', "1") + "}".repeat(126)),
  "JSON: objects of one": writtenAgain('{"a":1}'),
  "JSON: unclosed": (_random, size) => Buffer.concat([Buffer.from("["), Buffer.alloc(size & ~1, "1,")]),
  "JSON: spaces": (_random, size) => Buffer.concat([Buffer.from("["), Buffer.alloc(size, " "), Buffer.from("]")]),
  "JSON: halves of surrogates": (_random, size) => writtenArray(size, () => `"${"\\ud800".repeat(50)}"`),
  "JSON: pairs of surrogates": (_random, size) => writtenArray(size, () => `"${"\\ud83d\\ude00".repeat(50)}"`),
  "JSON: escapes": (_random, size) => Buffer.from(`["\\ud800${"\\n".repeat(size / 2)}"]`),
  "JSON: a wide character": (_random, size) => Buffer.from(`["${"x".repeat(size)}\u4e00"]`),
};

const indexed =
  (index: (i: number) => number): Make =>
  (_random, size) =>
    packedMap(size, (i) => Buffer.concat([text(String(index(i))), hex("01")]));
const writtenIndexes =
  (index: (i: number) => number): Make =>
  (_random, size) =>
    writtenMap(size, (i) => String(index(i)));
const distinct =
  (length: number): Make =>
  (_random, size) =>
    packedMap(size, (i) => Buffer.concat([short(word(i, length)), hex("01")]));
const objectsOf =
  (length: number, count = 1): Make =>
  (_random, size) =>
    packedArray(size, (i) =>
      Buffer.concat([
        Buffer.of(0xde, 0, count),
        ...Array.from({ length: count }, (_, k) => Buffer.concat([text(word(i * count + k, length)), hex("01")])),
      ]),
    );
const single = (key: string): Make => again(`81 ${short(key).toString("hex")} 01`);

const keys: Record<string, Make> = {
  "maps of one unique key of 3": objectsOf(3),
  "maps of one unique key of 20": objectsOf(20),
  "maps of one unique key of 40": objectsOf(40),
  "maps of 15 unique keys": objectsOf(3, 15),
  "maps of 60 unique keys": objectsOf(3, 60),
  "maps of the same keys in any order": (random, size) =>
    packedArray(size, () =>
      Buffer.concat([hex("8f"), ...shuffled(random).map((key) => Buffer.concat([short(key), hex("01")]))]),
    ),
  "one map, of keys of 3": distinct(3),
  "one map, of keys of 6": distinct(6),
  "one map, of keys of 12": distinct(12),
  "one map, of keys of 31": distinct(31),
  "indexes that count up": indexed((i) => i),
  "indexes that count down": indexed((i) => 200_000 - i),
  "indexes from the last one down": indexed((i) => 2 ** 32 - 2 - i),
  "indexes with small gaps": indexed((i) => i * 32),
  "indexes with large gaps": indexed((i) => (i * 2_000) % (2 ** 32 - 5)),
  "indexes, dense and with gaps": indexed((i) => i + Math.floor(i / 130) * 1_030),
  "maps of the index 9": single("9"),
  "maps of the index 1000": single("1000"),
  "maps of the index 1023": single("1023"),
  "maps of the last index": single("4294967294"),
  "numbers beyond indexes": indexed((i) => 2 ** 40 + i * 2 ** 24),
  "JSON: objects of one unique key of 3": (_random, size) => writtenArray(size, (i) => `{"${word(i, 3)}":1}`),
  "JSON: objects of one unique key of 20": (_random, size) => writtenArray(size, (i) => `{"${word(i, 20)}":1}`),
  "JSON: objects of the same keys in any order": (random, size) =>
    writtenArray(size, () => `{${shuffled(random).map((key) => `"${key}":1`)}}`),
  "JSON: one object, of keys of 3": (_random, size) => writtenMap(size, (i) => word(i, 3)),
  "JSON: one object, of keys of 6": (_random, size) => writtenMap(size, (i) => word(i, 6)),
  "JSON: one object, with a suspicious key": (_random, size) =>
    writtenMap(size, (i) => (i === 0 ? "constructor" : word(i, 6))),
  "JSON: indexes from the last one down": writtenIndexes((i) => 2 ** 32 - 2 - i),
  "JSON: indexes with small gaps": writtenIndexes((i) => i * 32),
  "JSON: objects of the index 1000": writtenAgain('{"1000":1}'),
  "JSON: numbers beyond indexes": writtenIndexes((i) => 2 ** 40 + i * 2 ** 24),
  "JSON: short texts": (_random, size) => writtenArray(size, (i) => `"${word(i, 3)}"`),
  "JSON: digits as text": (_random, size) => writtenArray(size, (i) => `"${i * 7}"`),
};

const ofKind = (kind: Kind, makes: Record<string, Make>): Family[] =>
  Object.entries(makes).map(([name, make]) => ({ name, kind, make }));

export const families: readonly Family[] = [...ofKind("rows", rows), ...ofKind("keys", keys)];

/** Ordinary JSON, for comparison with hostile payloads. */
export const ordinary: Readonly<Record<Kind, (size: number) => Buffer>> = {
  rows: (size) => writtenArray(size, (i) => `{"id":${i},"name":"product ${i}","price":12.34,"stock":5}`),
  keys: (size) => writtenMap(size, (i) => word(i, 6)),
};

/** The family's payload of `size`, and text that fills it up to `whole`, so that its weight is allowed. */
export function padded(family: Family, random: Random, size: number, whole: number): Buffer {
  const hostile = family.make(random, size);
  const left = Math.max(0, whole - hostile.length - 10);
  if (family.name.startsWith("JSON")) return Buffer.from(`[${hostile},"${"x".repeat(left)}"]`);
  const head = Buffer.alloc(5, 0xdb);
  head.writeUInt32BE(left, 1);
  return Buffer.concat([hex("92"), hostile, head, Buffer.alloc(left, "x")]);
}

/** What 1 MiB of a family costs. */
export interface Cost {
  readonly name: string;
  /** As a multiple of what JSON.parse takes for as many ordinary bytes of its kind. */
  readonly time: number;
  /** The same, but always compared with a table of rows. */
  readonly ofRows: number;
  /** As a multiple of its size; 0 if it was not measured. */
  readonly memory: number;
}
