import { Random } from "./random.js";

/** A message that a service should refuse, and survive. */
export interface HostileMessage {
  readonly kind: HostileKind;
  readonly payload: Uint8Array;
  /** The header block on the wire, which may be invalid. */
  readonly headers?: Uint8Array;
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const text = (json: string): Buffer => Buffer.from(json);
const block = (lines: string): Buffer => Buffer.from(lines, "latin1");

/** `{"sku":"tea","quantity":2}` in MessagePack, and in JSON. */
const goodPack = hex("82 a3736b75 a3746561 a87175616e74697479 02");
const goodJson = text('{"sku":"tea","quantity":2}');

type Make = (random: Random) => Omit<HostileMessage, "kind">;
const payload = (bytes: Uint8Array): Omit<HostileMessage, "kind"> => ({ payload: bytes });

const badPacks = [
  hex("c1"), // Never used.
  hex("82 a3736b75 c1"),
  hex("a3 ff fe fd"), // A string that is not UTF-8.
  hex("81 01 02 03"), // Bytes after the value.
  hex("81 c0 01"), // A key that is not a string.
];

const badJsons = ['{"sku":', "{'sku':1}", "nul", "[1,]", '{"a":1}}', "{", '"\\u12"', "\u0001", '{"a":01}', "NaN"].map(
  text,
);

const polluting = [
  text('{"__proto__":{"polluted":true}}'),
  text('{"sku":"tea","quantity":2,"\\u005f_proto__":{"polluted":true}}'),
  text('{"constructor":{"prototype":{"polluted":true}}}'),
  hex("81 a9 5f5f70726f746f5f5f 81 a8 706f6c6c75746564 c3"),
  hex("81 ab 636f6e7374727563746f72 81 a9 70726f746f74797065 81 a8 706f6c6c75746564 c3"),
];

/** Some decoders turn a msgpackr record into generated code. The others are undefined extension types. */
const extensions = [
  hex(`96 d4 72 40 91 a161 01 ${"4001".repeat(5)}`),
  hex("d4 70 00"),
  hex("d6 65 00000000"),
  hex("c7 05 74 0102030405"),
  hex("c7 00 07"),
  hex("c9 ffffffff 01"),
];

/** Well-formed, but against the contract. */
const wrongTypes = [
  text("null"),
  text("true"),
  text("-1.5"),
  text("[]"),
  text('{"sku":7,"quantity":"two"}'),
  text('{"sku":null,"quantity":1e308}'),
  hex("c0"),
  hex("cc 07"),
  hex("cb 7ff8000000000000"), // NaN.
  hex("cf ffffffffffffffff"),
  hex("c4 03 010203"),
  hex("82 a3736b75 90 a87175616e74697479 80"),
];

/** A head that claims more than four billion elements. */
const claims = ["dd ffffffff", "df ffffffff", "db ffffffff", "c6 ffffffff"].map(hex);

const badHeaders = [
  "NATS/1.0\r\nno colon here\r\n\r\n",
  "NATS/1.0\r\n: no name\r\n\r\n",
  "HTTP/1.1 200 OK\r\n\r\n",
  "NATS/1.0 503\r\n\r\n",
  "NATS/1.0\r\nMuove-Timeout: -1\r\nMuove-Clock: 1e309\r\nMuove-From: \u00ff\u0000\r\n\r\n",
  "NATS/1.0\r\nMuove-Timeout: 99999999999999999999\r\ntraceparent: 00-zz-zz-00\r\n\r\n",
  "NATS/1.0",
  "\u0000\u0001\u0002\u0003",
].map(block);

const makers = {
  "bad-messagepack": (random) => payload(random.pick(badPacks)),
  "bad-json": (random) => payload(random.pick(badJsons)),
  truncated: (random) => {
    const good = random.pick([goodPack, goodJson]);
    return payload(good.subarray(0, 1 + random.next(good.length - 1)));
  },
  "deep-nesting": (random) => {
    const [open, inner] = random.pick([
      ["91", "c0"],
      ["81a161", "c0"],
      ["5b", "31"],
      ["7b2261223a", "31"],
    ] as const);
    return payload(hex(open.repeat(200 + random.next(20_000)) + inner));
  },
  prototype: (random) => payload(random.pick(polluting)),
  extension: (random) => payload(random.pick(extensions)),
  "wrong-types": (random) => payload(random.pick(wrongTypes)),
  claims: (random) => payload(Buffer.concat([random.pick(claims), random.bytes(random.next(20))])),
  "bad-headers": (random): Omit<HostileMessage, "kind"> => ({
    payload: random.pick([goodPack, goodJson]),
    headers: random.pick(badHeaders),
  }),
  random: (random) => payload(random.bytes(1 + random.next(64))),
} satisfies Record<string, Make>;

/** The kinds of hostile messages. `wrong-types` and `bad-headers` can be decoded; `random` may be anything. */
export type HostileKind = keyof typeof makers;

export const hostileKinds = Object.keys(makers) as readonly HostileKind[];

/** Generates hostile messages, the kinds in turn. The same seed gives the same messages. */
export function* hostileMessages(
  seed: number,
  count: number,
  kinds: readonly HostileKind[] = hostileKinds,
): Generator<HostileMessage> {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const kind = kinds[i % kinds.length] as HostileKind;
    yield { kind, ...makers[kind](random) };
  }
}
