import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameReader } from "./frame-reader.js";

/** Stands in for the client's parser: takes whole lines, possibly in pieces. */
class Lines {
  readonly seen: string[] = [];
  #begun = "";

  get state(): number {
    return this.#begun === "" ? 0 : 1;
  }

  parse(bytes: Uint8Array): void {
    this.#begun += Buffer.from(bytes).toString("latin1");
    if (!this.#begun.endsWith("\n")) return;
    this.seen.push(this.#begun);
    this.#begun = "";
  }
}

interface Seen {
  readonly sid: number;
  readonly subject: string;
  readonly reply: string;
  readonly headers: string;
  readonly data: string;
}

function reader(lines = new Lines()) {
  const seen: Seen[] = [];
  const frames = new FrameReader({ publish: () => false }, lines, (sid, { subject, reply, headers, data, empty }) => {
    expect(empty).toBe(data.length === 0);
    seen.push({ sid, subject, reply, headers, data: Buffer.from(data).toString("latin1") });
  });
  return { seen, lines, read: (text: string) => frames.read(Buffer.from(text, "latin1")) };
}

function written({ sid, subject, reply, headers, data }: Seen): string {
  const to = reply === "" ? `${subject} ${sid}` : `${subject} ${sid} ${reply}`;
  if (headers === "") return `MSG ${to} ${data.length}\r\n${data}\r\n`;
  return `HMSG ${to} ${headers.length} ${headers.length + data.length}\r\n${headers}${data}\r\n`;
}

const subject = fc.stringMatching(/^[!-~\x80-\xff]{1,40}$/);
const bytes = fc.uint8Array({ maxLength: 200 }).map((data) => Buffer.from(data).toString("latin1"));
const message: fc.Arbitrary<Seen> = fc.record({
  sid: fc.nat({ max: 100_000 }),
  subject,
  reply: fc.oneof(fc.constant(""), subject),
  headers: fc.oneof(fc.constant(""), bytes),
  data: bytes,
});
const line = fc.constantFrom(
  "PING\r\n",
  "PONG\r\n",
  "+OK\r\n",
  "-ERR 'MSG a 1 0'\r\n",
  'INFO {"a":"\tb"}\r\n',
  "PING\n",
);

describe("received bytes", () => {
  test("FRAME-READER-1 give the same messages and lines, however they are cut", () => {
    const stream = fc.array(fc.oneof(message, line), { maxLength: 12 });
    const cuts = fc.array(fc.nat({ max: 300 }), { maxLength: 40 });
    fc.assert(
      fc.property(stream, cuts, (parts, sizes) => {
        const { seen, lines, read } = reader();
        let rest = parts.map((part) => (typeof part === "string" ? part : written(part))).join("");
        for (const size of sizes) {
          read(rest.slice(0, size));
          rest = rest.slice(size);
        }
        read(rest);
        expect(seen).toEqual(parts.filter((part) => typeof part !== "string"));
        expect(lines.seen).toEqual(parts.filter((part) => typeof part === "string"));
      }),
    );
  });

  test("may have extra blanks and lower case", () => {
    const { seen, read } = reader();
    read("msg  a\t1   r  2 \r\nhi\r\nhmsg a 1  12\t 14\r\nNATS/1.0\r\n\r\nhi\r\n");
    expect(seen).toEqual([
      { sid: 1, subject: "a", reply: "r", headers: "", data: "hi" },
      { sid: 1, subject: "a", reply: "", headers: "NATS/1.0\r\n\r\n", data: "hi" },
    ]);
  });

  test("may have any byte in a subject that the server allows: only a blank ends a word", () => {
    const { seen, read } = reader();
    read("MSG a\rb 7 1 2\r\nhi\r\nHMSG \0\r\x7f 1 r\x80 12 14\r\nNATS/1.0\r\n\r\nhi\r\n");
    expect(seen).toEqual([
      { sid: 7, subject: "a\rb", reply: "1", headers: "", data: "hi" },
      { sid: 1, subject: "\0\r\x7f", reply: "r\x80", headers: "NATS/1.0\r\n\r\n", data: "hi" },
    ]);
  });

  test.each(["r\rPUB", "\r", "a\0", "\x7f", "a b"])(
    "have no reply subject if it is not a visible word: %j",
    (reply) => {
      const { seen, read } = reader();
      read(`MSG a 1 ${reply} 2\r\nhi\r\nHMSG a 1 ${reply} 12 14\r\nNATS/1.0\r\n\r\nhi\r\n`);
      expect(seen).toEqual([
        { sid: 1, subject: "a", reply: "", headers: "", data: "hi" },
        { sid: 1, subject: "a", reply: "", headers: "NATS/1.0\r\n\r\n", data: "hi" },
      ]);
    },
  );

  test("FRAME-READER-2 are joined once, when the last piece of a large message has arrived", () => {
    const { seen, read } = reader();
    const size = 8 * 1024 * 1024;
    const piece = "x".repeat(1024);
    const started = performance.now();
    read(`MSG a 1 ${size}\r\n`);
    for (let sent = 0; sent < size; sent += piece.length) read(piece);
    expect(seen).toEqual([]);
    read("\r\nPING\r\n");
    expect(seen[0]?.data).toHaveLength(size);
    expect(performance.now() - started).toBeLessThan(5_000); // Joining at every piece would take a minute.
  });

  test("FRAME-READER-1 continue a line that the client has begun to read", () => {
    const lines = new Lines();
    lines.parse(Buffer.from("INFO {"));
    const { seen, read } = reader(lines);
    read('"server":');
    read('"MSG"}\r\nMSG a 1 2\r\nhi\r\n');
    expect(lines.seen).toEqual(['INFO {"server":"MSG"}\r\n']);
    expect(seen).toHaveLength(1);
  });
});

test.each([
  ["MSG a 1\r\n", "without a size"],
  ["MSG a 1 r x\r\n", "a size that is not a number"],
  ["MSG a x 2\r\nhi\r\n", "a sid that is not a number"],
  ["MSG a 1 -2\r\n", "a negative size"],
  ["MSG a 1 999999999\r\n", "a size beyond 64 MiB"],
  ["MSG a 1 2\r\nhiMSG b 1 0\r\n\r\n", "a payload longer than its size"],
  ["HMSG a 1 5 2\r\nhi\r\n", "a header size above the total size"],
  ["HMSG a 1 2\r\nhi\r\n", "without a header size"],
  ["M\r\n", "an unknown verb"],
  ["MSG\r\n", "only a verb"],
  ["MSG\n", "only a verb, at the start of the stream"],
  ["MSG a\r\n", "only a subject"],
])("%j is not the protocol: %s", (text) => {
  const { seen, read } = reader();
  expect(() => read(text)).toThrow();
  expect(seen).toEqual([]);
});
