import { expect, test } from "vitest";
import { traceIds } from "./trace-ids.js";

const [trace, span] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];

test("a valid traceparent has its ids", () => {
  expect(traceIds(`00-${trace}-${span}-01`)).toEqual({ trace_id: trace, span_id: span, trace_flags: "01" });
});

test.each([
  ["is missing", undefined],
  ["is empty", ""],
  ["is cut off", `00-${trace}-${span}`],
  ["has the version that is forbidden", `ff-${trace}-${span}-01`],
  ["names no trace", `00-${"0".repeat(32)}-${span}-01`],
  ["names no span", `00-${trace}-${"0".repeat(16)}-01`],
])("one that %s has none", (_, traceparent) => {
  expect(traceIds(traceparent)).toEqual({});
});
