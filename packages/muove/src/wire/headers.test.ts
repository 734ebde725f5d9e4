import { headers as natsHeaders } from "@nats-io/nats-core";
import { MsgHdrsImpl } from "@nats-io/nats-core/internal";
import { describe, expect, test } from "vitest";
import { headerIn, readRequestHeaders, requestHeaders } from "./headers.js";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const none = { timeout: undefined, clock: undefined, from: undefined, trace: "" };

/** Headers as the official client writes them. */
const written = (given: Record<string, string>): string => {
  const headers = natsHeaders() as MsgHdrsImpl;
  for (const [name, value] of Object.entries(given)) headers.set(name, value);
  return Buffer.from(headers.encode()).toString("latin1");
};

const read = (headers: string) => readRequestHeaders({ headers });

describe("the headers of a request", () => {
  test("are read as they were written, by Muove or by the official client", () => {
    const sent = { timeout: 250, clock: 1_234, from: "shop-1/ab12cd34", trace: `traceparent: ${traceparent}\r\n` };
    expect(read(requestHeaders(sent))).toEqual(sent);
    const theirs = MsgHdrsImpl.decode(Buffer.from(requestHeaders(sent)));
    expect(theirs.toRecord()).toEqual({
      "Muove-From": ["shop-1/ab12cd34"],
      "Muove-Timeout": ["250"],
      "Muove-Clock": ["1234"],
      traceparent: [traceparent],
    });
    expect(read(Buffer.from(theirs.encode()).toString("latin1"))).toEqual(sent);
  });

  test("name the fields of an invalid reply, with and without a trace, and are read as they were written", () => {
    for (const trace of ["", `traceparent: ${traceparent}\r\n`]) {
      const sent = { from: "a/b", timeout: 250, clock: 9, call: "c".repeat(11), key: "k", meta: "m=1", trace };
      expect(read(requestHeaders({ ...sent, invalidReply: "cents,a%20b" }))).toEqual({
        ...sent,
        invalidReply: "cents,a%20b",
      });
      expect(read(requestHeaders(sent))).toEqual(sent);
    }
  });

  test("are written only if they have a value", () => {
    expect(requestHeaders({})).toBe("NATS/1.0\r\n\r\n");
    expect(requestHeaders({ from: "a/b" })).toBe("NATS/1.0\r\nMuove-From: a/b\r\n\r\n");
  });

  test("are whole ms: a timeout is rounded up, so that it is never 0, and a clock down", () => {
    expect(read(requestHeaders({ timeout: 0.2, clock: 9.9 }))).toEqual({ ...none, timeout: 1, clock: 9 });
  });
});

describe("a malformed header counts as missing:", () => {
  test.each(["", "-1", "1.5", "1e3", "0x10", "ten", " ", "١٢", "1".repeat(16), "NaN", "Infinity"])(
    "a time of %j",
    (text) => {
      expect(read(written({ "Muove-Timeout": text, "Muove-Clock": text }))).toEqual(none);
    },
  );

  test.each(["shop", "/", "a/", "/b", "a/b/c", "a b/c", `${"a".repeat(65)}/b`, "a/é"])("a sender %j", (text) => {
    expect(read(written({ "Muove-From": text }))).toEqual(none);
  });

  test("and the others still count", () => {
    expect(read(written({ "Muove-Timeout": "soon", "Muove-From": "a/b" }))).toEqual({ ...none, from: "a/b" });
  });

  test("a line that is not a header, and anything after the last line", () => {
    expect(read("NATS/1.0\r\nnot a name: 1\r\nMuove-From: a/b\r\n\r\n")).toEqual({ ...none, from: "a/b" });
    expect(read("NATS/1.0\r\nMuove-Timeout: 7\r\nMuove-From: a/b")).toEqual({ ...none, timeout: 7, from: "a/b" });
    expect(read("NATS/1.0\r\nMuove-From")).toEqual(none);
  });

  test("a second one with the same name, and a name in another case", () => {
    expect(read("NATS/1.0\r\nMuove-Timeout: 7\r\nMuove-Timeout: 8\r\n\r\n")).toEqual({ ...none, timeout: 7 });
    expect(read("NATS/1.0\r\nMUOVE-TIMEOUT: 7\r\nX-Muove-Timeout: 8\r\n\r\n")).toEqual(none);
  });

  test("a second trace header", () => {
    const lines = `traceparent: ${traceparent}\r\nbaggage: a=1\r\n`;
    const second = `traceparent: ${traceparent.replace("4", "5")}\r\nbaggage: a=2\r\n`;
    expect(read(`NATS/1.0\r\n${lines}${second}\r\n`).trace).toBe(lines);
  });

  test("all of them if the block is invalid", () => {
    expect(read("Muove-From: a/b\r\n\r\n")).toEqual(none);
    expect(read("\0\xff")).toEqual(none);
  });

  test("all of them if there is no block", () => {
    expect(read("")).toEqual(none);
  });
});

test("blanks around a value do not matter", () => {
  expect(headerIn("NATS/1.0\r\nX:1\r\nY:  2 \r\n\r\n", "X")).toBe("1");
  expect(headerIn("NATS/1.0\r\nX:1\r\nY:  2 \r\n\r\n", "Y")).toBe("2");
  expect(headerIn("NATS/1.0\r\nX:\r\n\r\n", "X")).toBe("");
});

test("are read in time proportional to their size, whatever they contain", () => {
  const started = performance.now();
  for (const line of ["\r\n", "a\r\n", ":\r\n", "Muove-From:\r\n", "Muove-Timeout", "traceparent:\r\n"]) {
    read(`NATS/1.0\r\n${line.repeat(1_000_000 / line.length)}\r\n`);
  }
  expect(performance.now() - started).toBeLessThan(5_000); // Quadratic reading would take hours.
});
