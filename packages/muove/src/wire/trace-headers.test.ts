import { describe, expect, test } from "vitest";
import { traceHeadersIn, traceLines } from "./trace-headers.js";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const from = (headers: Record<string, string>) => traceLines((name) => headers[name]);

describe("the headers of a trace", () => {
  test("become lines, and headers again", () => {
    const headers = { traceparent, tracestate: "vendor=a: b,other=1", baggage: "tenant=seven%20units" };
    const lines = from(headers);
    expect(lines).toBe(
      `traceparent: ${traceparent}\r\ntracestate: vendor=a: b,other=1\r\nbaggage: tenant=seven%20units\r\n`,
    );
    expect(traceHeadersIn(lines)).toEqual(headers);
  });

  test("may each be missing", () => {
    expect(from({})).toBe("");
    expect(traceHeadersIn("")).toEqual({});
    expect(from({ baggage: "a=1" })).toBe("baggage: a=1\r\n");
  });

  test.each(["", "00-0af7", traceparent.toUpperCase(), `${traceparent}-`, `x${traceparent}`])(
    "are ignored with an invalid traceparent (%j), and so is the tracestate",
    (text) => expect(from({ traceparent: text, tracestate: "a=1" })).toBe(""),
  );

  test.each(["a=1\r\nMuove-From: b/c", "a=1\n", "a=\0", "a=é", "", "a".repeat(8_193)])(
    "never become another header: %j",
    (text) => expect(from({ traceparent, tracestate: text, baggage: text })).toBe(`traceparent: ${traceparent}\r\n`),
  );
});
