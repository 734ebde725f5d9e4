// What a contract of a hundred messages costs the type checker.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const tsc = join(here, "../../node_modules/.bin/tsc");

const messages = 100;
/** In ms, generous for a slow machine; the measured time is printed. */
const bound = 15_000;

const numbers = Array.from({ length: messages }, (_, i) => i);
const isCast = (i: number): boolean => i % 10 === 9;
const calls = numbers.filter((i) => !isCast(i));
const lines = (of: readonly number[], line: (i: number) => string): string => of.map(line).join("\n");

const schema = (i: number): string =>
  `z.object({ id${i}: z.string(), lines: z.array(z.object({ sku: z.string(), n: z.int() })) })`;

function definition(i: number): string {
  if (isCast(i)) return `m${i}: cast({ input: ${schema(i)} }),`;
  const errors = i % 3 === 0 ? `, errors: { GONE: z.object({ on${i}: z.string() }), SOLD_OUT: z.undefined() }` : "";
  return `m${i}: call({ input: ${schema(i)}, output: z.object({ cents${i}: z.int() })${errors} }),`;
}

const handler = (i: number): string =>
  isCast(i) ? `m${i}: (input) => void input.id${i},` : `m${i}: (input) => ({ cents${i}: input.lines.length }),`;

const use = (i: number): string => `
  const a${i} = await client.m${i}({ id${i}: "a", lines: [] });
  if (a${i}.status === "ok") sum += a${i}.value.cents${i};
  const b${i} = await safe.m${i}({ id${i}: "a", lines: [] });
  if (b${i}.status === "ok" || b${i}.status === "degraded") sum += b${i}.value.cents${i};`;

const program = `
import { type Bus, call, cast, lastKnown, mailbox, withFallback } from "muove";
import { z } from "zod";
export const large = mailbox("large", {
${lines(numbers, definition)}
});
export function serve(bus: Bus): void {
  bus.serve(large, {
${lines(numbers, handler)}
  });
}
export async function use(bus: Bus): Promise<number> {
  let sum = 0;
  const client = bus.to(large);
  const safe = withFallback(client, {
${lines(calls, (i) => `m${i}: [lastKnown(), (input) => ({ cents${i}: input.lines.length })],`)}
  });
${lines(calls, use)}
  return sum;
}
`;

const config = {
  extends: "../../../tsconfig.base.json",
  compilerOptions: { customConditions: ["@muove/source"], types: ["node"], noEmit: true },
  include: ["*.ts", "../../../packages/muove/src/codec/*.d.ts"],
};

test(`a contract of ${messages} messages, served, called and with fallbacks, type-checks in time`, () => {
  const folder = mkdtempSync(join(here, ".scale-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "large.ts"), program);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const started = performance.now();
  const { status, stdout } = spawnSync(tsc, ["-p", folder, "--extendedDiagnostics"], { encoding: "utf8" });
  const took = performance.now() - started;
  const figures = stdout.match(/^(?:Check time|Total time|Instantiations|Memory used):.*$/gm) ?? [];
  console.log(`${messages} messages: ${Math.round(took)} ms in all; ${figures.join("; ").replaceAll(/ +/g, " ")}`);
  expect(status, stdout.slice(0, 4_000)).toBe(0);
  expect(took).toBeLessThan(bound);
});
