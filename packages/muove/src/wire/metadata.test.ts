import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { metadataNameForm, readMetadata, writtenMetadata } from "./metadata.js";

const names = fc.stringMatching(metadataNameForm);
const texts = fc.dictionary(names, fc.string({ unit: "binary", maxLength: 30 }), { maxKeys: 8, noNullPrototype: true });

test("metadata is one line of visible ASCII, and is read as it was written", () => {
  fc.assert(
    fc.property(texts, (given) => {
      const written = writtenMetadata(given);
      expect(written).toMatch(/^[\x21-\x7e]*$/);
      expect(readMetadata(written)).toEqual({ texts: given });
    }),
  );
});

test("whatever comes is read as texts by name, or has a problem, and never throws", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 5_000 }),
    fc.stringMatching(/^([a-z]=[%a-f0-9]*,?)*$/),
  );
  fc.assert(
    fc.property(hostile, (value) => {
      const read = readMetadata(value);
      if ("problem" in read)
        expect(["malformed", "more than 32 entries", "more than 4096 bytes"]).toContain(read.problem);
      else for (const [name, text] of Object.entries(read.texts)) expect([name, typeof text]).toEqual([name, "string"]);
    }),
  );
});

test("the vectors of other implementations hold", () => {
  const file = new URL("../../../../test/vectors/headers.json", import.meta.url);
  const { metadata, metadataRead, noMetadata } = JSON.parse(readFileSync(file, "utf8")) as {
    metadata: { texts: Record<string, string>; header: string }[];
    metadataRead: { texts: Record<string, string>; header: string }[];
    noMetadata: string[];
  };
  for (const { texts: given, header } of metadata) expect(writtenMetadata(given)).toBe(header);
  for (const { texts: given, header } of [...metadata, ...metadataRead]) {
    expect(readMetadata(header)).toEqual({ texts: given });
  }
  for (const header of noMetadata) expect(readMetadata(header)).toEqual({ problem: "malformed" });
});
