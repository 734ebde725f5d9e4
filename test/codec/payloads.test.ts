import { readFileSync } from "node:fs";
import { Packr } from "msgpackr";
import { expect, test } from "vitest";
// Imports the codec itself: it is not public, as applications never see a payload.
import {
  decode,
  type Encoding,
  encode,
  encodingOf,
  Malformed,
  Unencodable,
} from "../../packages/muove/src/codec/index.js";
import { bytesOf, untagged } from "./tagged.js";

interface Vector {
  readonly id: string;
  readonly title: string;
  readonly encoding: Encoding | "none";
  readonly direction: "both" | "decode" | "encode";
  readonly accepts: boolean;
  readonly value?: unknown;
  readonly hex?: string;
  readonly reason?: string;
}

const file = new URL("../vectors/payloads.json", import.meta.url);
const vectors: readonly Vector[] = JSON.parse(readFileSync(file, "utf8"));

const named = (choose: (vector: Vector) => boolean): [string, Vector][] =>
  vectors.filter(choose).map((vector) => [`${vector.id} ${vector.title}`, vector]);

const reads = named(({ accepts, direction }) => accepts && direction !== "encode");
const writes = named(({ accepts, direction }) => accepts && direction !== "decode");
const refusesToRead = named(({ accepts, direction }) => !accepts && direction === "decode");
const refusesToWrite = named(({ accepts, direction }) => !accepts && direction === "encode");

test("every vector has a unique id and is run", () => {
  expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length);
  const run = new Set([...reads, ...writes, ...refusesToRead, ...refusesToWrite].map(([, { id }]) => id));
  expect(run.size).toBe(vectors.length);
});

test.each(reads)("reads %s", (_name, { hex = "", value, encoding }) => {
  const payload = bytesOf(hex);
  const known = encoding === "none" ? undefined : encoding;
  expect(encodingOf(payload)).toBe(known);
  expect(decode(payload)).toStrictEqual({ value: untagged(value), encoding: known });
});

test.each(writes)("writes %s", (_name, { hex = "", value, encoding }) => {
  const inEither: readonly Encoding[] = encoding === "none" ? ["msgpack", "json"] : [encoding];
  for (const one of inEither) expect(new Uint8Array(encode(untagged(value), one))).toEqual(bytesOf(hex));
});

test.each(refusesToRead)("refuses %s", (_name, { hex = "", encoding, reason }) => {
  const payload = bytesOf(hex);
  expect(encodingOf(payload)).toBe(encoding);
  expect(thrownBy(() => decode(payload))).toSatisfy((error) => error instanceof Malformed && error.reason === reason);
});

test.each(refusesToWrite)("refuses to write %s", (_name, { value, encoding, reason }) => {
  expect(encoding).not.toBe("none");
  const error = thrownBy(() => encode(untagged(value), encoding as Encoding));
  expect(error).toSatisfy((thrown) => thrown instanceof Unencodable && thrown.reason === reason);
});

// The vectors are ours, so another library has to read them alike. It knows nothing of our Maps and sets.
const ours = /\$(map|set)/;
const other = new Packr({ useRecords: false, int64AsType: "number" });
test.each(
  reads.filter(
    ([, { encoding, direction, value }]) =>
      encoding === "msgpack" && direction === "both" && !ours.test(JSON.stringify(value)),
  ),
)("msgpackr agrees on %s", (_name, { hex = "", value }) => {
  const seen: unknown = other.unpack(bytesOf(hex));
  expect(seen).toEqual(untagged(value));
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
