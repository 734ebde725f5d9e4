// What the compiler says first about usual mistakes: the line that a user reads. It names what is wrong and what would be
// right, and no list of overloads.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const fixture = join(here, "fixtures/mistakes.ts");
const folder = mkdtempSync(join(here, ".mistakes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** By a part of the line, and by what must be said of it. The order in a union is the compiler's own. */
const said: readonly [line: string, ...parts: string[]][] = [
  ["prices.qoute(tea)", "Property 'qoute' does not exist on type 'Client<", "Did you mean 'quote'?"],
  [
    "quantty: 1",
    "'quantty' does not exist in type '{ sku: string; quantity: number; }'. Did you mean to write 'quantity'?",
  ],
  ["prices.quote();", "Expected 1-2 arguments, but got 0."],
  ["timeot: 1", "'timeot' does not exist in type 'CallOptions'. Did you mean to write 'timeout'?"],
  ["prices.repriced({ sku: 1 })", "Type 'number' is not assignable to type 'string'."],
  [
    ".orElse({ cent: 1 })",
    "'cent' does not exist in type 'LastFallback<{ sku: string; quantity: number; }, { cents: number; }",
  ],
  [
    '.orElse(() => ({ cents: "1" }))',
    "Argument of type '() => { cents: string; }' is not assignable",
    "{ cents: number; }",
  ],
  [".orElse({ cents: 1 }, lastKnown())", "'PartialFallback<{ sku: string; quantity: number; }, { cents: number; }>'"],
  [".orElse(lastKnown(), { cent: 1 })", "'cent' does not exist in type 'LastFallback<"],
  [".orElse(Promise.resolve({ cents: 1 }))", "Argument of type 'Promise<{ cents: number; }>' is not assignable"],
  ["prices.quote(tea).orElse();", "Expected at least 1 arguments, but got 0."],
  ["(await prices.quote(tea)).value", "Property 'value' does not exist on type 'Outcome<{ cents: number; }, never>'."],
  ["(await prices.quote(tea).orElse(lastKnown())).value", "Property 'value' does not exist", "NoFallbackAnswered"],
  ["bus.to(pricing, { tag:", "'tag' does not exist in type 'Address<", "Did you mean to write 'tags'?"],
  ['bus.to("pricing")', "Argument of type 'string' is not assignable to parameter of type", "Mailbox<string"],
  ["repriced: () => {} });", "repriced: () => void; }", "Handlers<"],
  ["({ cent: 1 }), discount", "Type '{ cent: number; }' is not assignable to type", "{ cents: number; }"],
  ['ctx.fail("EXPIRD")', `Argument of type '"EXPIRD"' is not assignable to parameter of type '"EXPIRED" | "UNKNOWN"'.`],
  ["withFallback(prices, { quote: none })", "Argument of type '{ quote: unique symbol; }'", "Fallbacks<"],
  ["pricing.events.chanded", "Property 'chanded' does not exist", "Did you mean 'changed'?"],
  ["call({ output: z.string()", "this schema must accept its own output, because both sides parse"],
  ["{ quote: z.string() }", "Type 'ZodString' is not assignable to type 'Message'."],
];

const config = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: { customConditions: ["@muove/source"], types: ["node"], noEmit: true, pretty: false },
  files: [fixture],
};

/** @returns the first lines, by the line of the fixture that they are about. */
function firstLines(compiler: string): Map<number, string> {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const { stdout } = spawnSync(process.execPath, [join(root, "node_modules", compiler, "bin/tsc"), "-p", folder], {
    encoding: "utf8",
  });
  const found = stdout.matchAll(/^\S*mistakes\.ts\((\d+),\d+\): error TS\d+: (.*)$/gm);
  return new Map([...found].map(([, line, text]) => [Number(line), text as string]));
}

describe.each(["typescript", "typescript-5.9"])("%s", (compiler) => {
  const source = readFileSync(fixture, "utf8").split("\n");
  const lines = firstLines(compiler);

  test.each(said)("says at once what is wrong with %s", (part, ...parts) => {
    const text = lines.get(source.findIndex((line) => line.includes(part)) + 1);
    for (const expected of parts) expect(text).toContain(expected);
    expect(text).not.toContain("overload");
  });

  test("says so of every mistake in the fixture, and of nothing else", () => {
    const body = source.findIndex((line) => line.includes("async function mistakes")) + 2;
    const wrong = source.map((_, i) => i + 1).filter((line) => line >= body && source[line - 1]?.endsWith(";"));
    expect([...lines.keys()]).toEqual(wrong);
    expect(said.length).toBe(wrong.length);
  });
});
