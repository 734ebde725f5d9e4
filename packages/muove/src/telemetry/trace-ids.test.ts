import { ROOT_CONTEXT, trace as tracing } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { passedOn } from "./trace.js";
import { traceIds } from "./trace-ids.js";

const [trace, span] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];

test("a valid traceparent has its ids", () => {
  expect(traceIds(passedOn(`baggage: a=1\r\ntraceparent: 00-${trace}-${span}-01\r\n`))).toEqual({
    trace_id: trace,
    span_id: span,
    trace_flags: "01",
  });
});

test.each([
  ["is missing", undefined],
  ["is empty", ""],
  ["is cut off", `00-${trace}-${span}`],
  ["has the version that is forbidden", `ff-${trace}-${span}-01`],
  ["names no trace", `00-${"0".repeat(32)}-${span}-01`],
  ["names no span", `00-${trace}-${"0".repeat(16)}-01`],
])("one that %s has none", (_, traceparent) => {
  expect(traceIds(traceparent === undefined ? undefined : passedOn(`traceparent: ${traceparent}\r\n`))).toEqual({});
});

test("the current span takes precedence over the sender's", () => {
  const context = tracing.setSpanContext(ROOT_CONTEXT, { traceId: trace, spanId: span, traceFlags: 1 });
  const lines = `traceparent: 00-${trace}-${"1".repeat(16)}-00\r\n`;
  expect(traceIds({ lines, context })).toEqual({ trace_id: trace, span_id: span, trace_flags: "01" });
});
