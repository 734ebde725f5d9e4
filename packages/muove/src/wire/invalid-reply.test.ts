import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readFields, writtenFields } from "./invalid-reply.js";

const anyText = fc.string({ unit: "binary", maxLength: 100 });

test("any fields are at most 1,024 bytes of visible ASCII, of which at least the first can be read", () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), (fields) => {
      fc.pre(fields.every((field) => field !== ""));
      const written = writtenFields(fields);
      expect(written).toMatch(/^[\x21-\x7e]{1,1024}$/);
      const read = readFields(written) ?? [];
      expect(read.length).toBeGreaterThan(0);
      expect(read.length).toBeLessThanOrEqual(8);
    }),
  );
});

test("whatever comes is read as at most 8 fields of 64 characters that are fit for the log, and never throws", () => {
  const hostile = fc.oneof(fc.string({ unit: "binary", maxLength: 2_000 }), fc.stringMatching(/^([%a-fA-F0-9]+,?)*$/));
  fc.assert(
    fc.property(hostile, (value) => {
      const fields = readFields(value) ?? [];
      expect(fields.length).toBeLessThanOrEqual(8);
      for (const field of fields) expect(field).toMatch(/^\P{Cc}{0,64}$/u);
    }),
  );
  expect(readFields("a".repeat(1_025))).toBeUndefined();
  expect(readFields("a".repeat(1_024))).toEqual([`${"a".repeat(63)}…`]);
});

test("long fields are cut, and those that do not fit are left out", () => {
  expect(readFields(writtenFields(["€".repeat(300), "€".repeat(64), "cents"]))).toEqual([`${"€".repeat(63)}…`]);
  expect(readFields(writtenFields(["a".repeat(64), "b"]))).toEqual(["a".repeat(64), "b"]);
});

test("the vectors of other implementations hold", () => {
  const file = new URL("../../../../test/vectors/headers.json", import.meta.url);
  const { invalidReplies, invalidRepliesRead, noInvalidReplies } = JSON.parse(readFileSync(file, "utf8")) as {
    invalidReplies: { fields: string[]; header: string }[];
    invalidRepliesRead: { fields: string[]; header: string }[];
    noInvalidReplies: string[];
  };
  for (const { fields, header } of invalidReplies) expect(writtenFields(fields)).toBe(header);
  for (const { fields, header } of [...invalidReplies, ...invalidRepliesRead]) {
    expect(readFields(header)).toEqual(fields);
  }
  for (const header of noInvalidReplies) expect(readFields(header)).toBeUndefined();
});
