import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { Output } from "./output.js";

function printing() {
  const output = new Output();
  const stream = new PassThrough();
  output.read(stream);
  const lines: string[] = [];
  const stop = output.onLine((line) => lines.push(line));
  return { output, stream, lines, stop };
}

it("keeps only the latest output (OUTPUT-1)", async () => {
  const { output, stream } = printing();
  for (let i = 0; i < 100; i++) stream.write(`${"x".repeat(1_023)}${i % 10}`);
  stream.end();
  await new Promise((resolve) => stream.once("end", resolve));
  expect(output.text.length).toBe(65_536);
  expect(output.text.endsWith("x9")).toBe(true);
});

it("reports whole UTF-8 lines only, however they are cut (OUTPUT-2)", async () => {
  const { stream, lines, stop } = printing();
  const bytes = Buffer.from("one\ntwo à la carte\nth");
  for (const byte of bytes) stream.write(Buffer.of(byte));
  await new Promise((resolve) => setImmediate(resolve));
  expect(lines).toEqual(["one", "two à la carte"]);
  stop();
  stream.write("ree\n");
  await new Promise((resolve) => setImmediate(resolve));
  expect(lines).toHaveLength(2);
});
