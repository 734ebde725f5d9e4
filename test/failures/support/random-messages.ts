import fc from "fast-check";
import { Packr } from "msgpackr";

export interface RandomMessage {
  readonly subject: string;
  readonly reply: string;
  readonly payload: Uint8Array;
  /** The header block, which need not be valid. */
  readonly headers: Uint8Array | undefined;
}

/**
 * Random messages for a mailbox: to any subject under the prefix, but mostly its own; with any headers, but often known
 * ones; of any bytes, but often readable ones.
 */
export function randomMessages(mailbox: string, names: readonly string[]): fc.Arbitrary<RandomMessage> {
  const subject = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names).map((name) => `muove.${mailbox}.${name}`) },
    { weight: 1, arbitrary: fc.array(token, { minLength: 1, maxLength: 4 }).map((rest) => `muove.${rest.join(".")}`) },
  );
  const reply = fc.oneof(fc.constant(""), fc.constant("_INBOX.random.1"), subject, token);
  return fc.record({ subject, reply, payload, headers });
}

/** Any token of a subject that can be published to. */
const token = fc.stringMatching(/^[^\s.*>\p{C}]{1,12}$/u);

const messagePack = new Packr({ useRecords: false });
const utf8 = (text: string): Uint8Array => Buffer.from(text);

const value = fc.oneof(
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        sku: fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 1 })),
        quantity: fc.oneof(fc.integer(), fc.double()),
        text: fc.string({ unit: "binary" }),
        how: fc.constantFrom("throws", "rejects", "rejects later", "throws nothing", "otherwise"),
      },
      { requiredKeys: [] },
    ),
  },
);
const readable = fc.oneof(
  value.map((it) => utf8(JSON.stringify(it))),
  value.map((it) => new Uint8Array(messagePack.pack(it))),
);
/** A readable payload with a few bytes changed. */
const damaged = fc
  .tuple(readable, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
  .map(([bytes, changes]) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
    return copy;
  });
const payload = fc.oneof(readable, damaged, fc.uint8Array({ maxLength: 64 }));

const line = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        "Muove-Timeout",
        "Muove-Clock",
        "Muove-From",
        "traceparent",
        "Muove-Status",
        "Nats-Service-Error",
      ),
      fc.string({ maxLength: 12 }),
    ),
    fc.oneof(fc.nat().map(String), fc.double().map(String), fc.string({ unit: "binary" }), fc.constant("caller/1")),
  )
  .map(([name, text]) => `${name}: ${text}\r\n`);
const headers = fc.oneof(
  fc.constant(undefined),
  fc.array(line, { maxLength: 5 }).map((lines) => utf8(`NATS/1.0\r\n${lines.join("")}\r\n`)),
  fc.uint8Array({ minLength: 1, maxLength: 64 }),
);
