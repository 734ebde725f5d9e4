import { type Msg, headers as natsHeaders } from "@nats-io/nats-core";
import { MsgHdrsImpl } from "@nats-io/nats-core/internal";
import { describe, expect, test } from "vitest";
import { headersOf, readRequestHeaders, requestHeaders } from "./headers.js";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** A message with these header bytes, as the client brings it: parsed when they are asked for. */
function arrived(bytes: Uint8Array): Msg {
  return {
    get headers() {
      return MsgHdrsImpl.decode(bytes);
    },
  } as unknown as Msg;
}

const withHeaders = (given: Record<string, string>): Msg => {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(given)) headers.set(name, value);
  return { headers } as Msg;
};

describe("the headers of a request", () => {
  test("come out as they went in, read by the official client", () => {
    const sent = { timeout: 250, clock: 1_234, from: "shop-1/ab12cd34", traceparent };
    expect(readRequestHeaders(arrived(requestHeaders(sent).encode()))).toEqual(sent);
  });

  test("are written only where there is something to say", () => {
    expect(Buffer.from(requestHeaders({}).encode()).toString()).toBe("NATS/1.0\r\n\r\n");
    expect(Buffer.from(requestHeaders({ from: "a/b" }).encode()).toString()).toBe(
      "NATS/1.0\r\nMuove-From: a/b\r\n\r\n",
    );
  });

  test("know their size", () => {
    const headers = requestHeaders({ timeout: 250, from: "a/b" });
    expect(headers.size).toBe(headers.encode().length);
  });

  test("give whole ms: a wait is rounded up, so that it is never 0, and a clock down", () => {
    expect(readRequestHeaders(arrived(requestHeaders({ timeout: 0.2, clock: 9.9 }).encode()))).toEqual({
      timeout: 1,
      clock: 9,
    });
  });
});

describe("a header that is malformed counts as missing:", () => {
  test.each(["", "-1", "1.5", "1e3", "0x10", "ten", " ", "١٢", "1".repeat(16), "NaN", "Infinity"])(
    "a time of %j",
    (text) => {
      expect(readRequestHeaders(withHeaders({ "Muove-Timeout": text, "Muove-Clock": text }))).toEqual({});
    },
  );

  test.each(["shop", "/", "a/", "/b", "a/b/c", "a b/c", `${"a".repeat(65)}/b`, "a/é"])("a sender %j", (text) => {
    expect(readRequestHeaders(withHeaders({ "Muove-From": text }))).toEqual({});
  });

  test.each(["", "00-0af7", traceparent.toUpperCase(), `${traceparent}-`, `x${traceparent}`])("a trace %j", (text) => {
    expect(readRequestHeaders(withHeaders({ traceparent: text }))).toEqual({});
  });

  test("the others still count", () => {
    expect(readRequestHeaders(withHeaders({ "Muove-Timeout": "soon", "Muove-From": "a/b" }))).toEqual({ from: "a/b" });
  });

  test("all of them, when the block is none at all", () => {
    const garbled = arrived(Buffer.from("NATS/1.0\r\nMuove-From: a/b\r\nnot a name: 1\r\n\r\n"));
    expect(() => garbled.headers).toThrow();
    expect(headersOf(garbled)).toBeUndefined();
    expect(readRequestHeaders(garbled)).toEqual({});
  });

  test("all of them, when there is no block", () => {
    expect(readRequestHeaders({} as Msg)).toEqual({});
  });
});
