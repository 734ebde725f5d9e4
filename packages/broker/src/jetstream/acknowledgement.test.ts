import { describe, expect, it, test } from "vitest";
import { readAckSubject, readVerdict } from "./acknowledgement.js";

describe("an acknowledgement", () => {
  it("names its delivery in its subject", () => {
    const about = { stream: "S", consumer: "c", delivered: 2, sequence: 7, delivery: 9 };
    expect(readAckSubject("$JS.ACK.S.c.2.7.9.1700000000000000000.4")).toEqual(about);
    expect(readAckSubject("$JS.ACK.S.c.2.7.9")).toBeUndefined();
    expect(readAckSubject("$JS.ACK.S.c.x.-1.1e3.t.4")).toMatchObject({ delivered: 0, sequence: 0, delivery: 0 });
  });

  test.each([
    ["", { kind: "ack" }],
    ["+ACK", { kind: "ack" }],
    ["+OK", { kind: "ack" }],
    ["+WPI", { kind: "progress" }],
    ["+TERM", { kind: "term", reason: "" }],
    ["+TERM no good ", { kind: "term", reason: "no good" }],
    ["-NAK", { kind: "nak", delay: undefined }],
    ['-NAK {"delay":1500000000}', { kind: "nak", delay: 1_500 }],
    ["-NAK {}", { kind: "nak", delay: 0 }],
    ['-NAK {"delay":"x"}', { kind: "nak", delay: undefined }],
    ["-NAK 1h1m1.5s", { kind: "nak", delay: 3_661_500 }],
    ["-NAK 20ms", { kind: "nak", delay: 20 }],
    ["-NAK soon", { kind: "nak", delay: undefined }],
    ["+ACKNOWLEDGED", { kind: "unknown" }],
  ])("%j says what becomes of it", (text, verdict) => {
    expect(readVerdict(Buffer.from(text))).toEqual(verdict);
  });

  it("may ask for more", () => {
    expect(readVerdict(Buffer.from("+NXT 5"))).toEqual({ kind: "next", request: Buffer.from(" 5") });
  });
});
