// What an editor shows: completions without internals, and the comments of the contract. TypeScript 7 has no API for it
// yet, so this asks the language service of 5.9.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.9";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = join(root, "test/types/editor-fixture.ts");

const source = `
import { call, cast, connect, event, lastKnown, mailbox, withFallback } from "muove";
import { z } from "zod";
const pricing = mailbox("pricing", {
  /** The price of some of a product. */
  quote: call({ input: z.object({ sku: z.string() }), output: z.object({ cents: z.int() }) }),
  /** A price changed. */
  repriced: cast({ input: z.string() }),
  /** Tells that it moved. */
  moved: event(),
});
const bus = connect({ service: "shop" });
const prices = bus.to(pricing);
const safe = withFallback(prices, { quote: [lastKnown(), { cents: 1 }] });
const made = prices.quote({ sku: "tea" });
const outcome = await made.orElse(lastKnown());
const own = bus.serve(pricing, {
  quote: () => ({ cents: 1 }),
  repriced: () => {},
});
export const all = [
  bus./*bus*/to, prices./*client*/quote, safe./*safe*/quote, made./*call*/orElse, outcome./*outcome*/status,
  bus.toAll(pricing)./*everyone*/quote, own.publish./*publish*/moved, pricing.events./*events*/moved,
  lastKnown()./*lastKnown*/maxAge, pricing.messages./*messages*/repriced,
];
`;

const service = ts.createLanguageService({
  getScriptFileNames: () => [file],
  getScriptVersion: () => "1",
  getScriptSnapshot: (name) => {
    const text = name === file ? source : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => root,
  getCompilationSettings: () => ({
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ["@muove/source"],
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  }),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: (name) => (name === file ? source : readFileSync(name, "utf8")),
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
  realpath: ts.sys.realpath as (path: string) => string,
});

const at = (mark: string): number => source.indexOf(`/*${mark}*/`) + mark.length + 4;

const completions = (mark: string): string[] =>
  (service.getCompletionsAtPosition(file, at(mark), {})?.entries ?? []).map(({ name }) => name).sort();

const comment = (mark: string): string =>
  ts.displayPartsToString(service.getQuickInfoAtPosition(file, at(mark))?.documentation);

const ofPromise = ["catch", "finally", "then"];

test("the fixture has no mistakes", () => {
  expect(service.getSemanticDiagnostics(file).map(({ messageText }) => messageText)).toEqual([]);
});

describe("completions show what users use, and no internals, of", () => {
  test.each([
    ["client", ["quote", "repriced"]],
    ["safe", ["quote", "repriced"]],
    ["everyone", ["quote", "repriced"]],
    ["publish", ["moved"]],
    ["events", ["moved"]],
    ["messages", ["moved", "quote", "repriced"]],
    ["call", [...ofPromise, "orElse", "orThrow"].sort()],
    ["outcome", ["delivered", "status"]],
    ["lastKnown", ["entries", "maxAge", "maxBytes", "meta"]],
  ])("%s", (mark, expected) => {
    expect(completions(mark)).toEqual(expected);
  });

  test("the bus", () => {
    const names = completions("bus");
    expect(names).toEqual(expect.arrayContaining(["close", "health", "log", "on", "serve", "status", "to", "within"]));
    expect(names.filter((name) => /^[_#]|parts|core/i.test(name))).toEqual([]);
  });
});

describe("hovering shows the comment of the contract, on", () => {
  test.each([
    ["client", "The price of some of a product."],
    ["safe", "The price of some of a product."],
    ["everyone", "The price of some of a product."],
    ["publish", "Tells that it moved."],
    ["events", "Tells that it moved."],
    ["messages", "A price changed."],
  ])("%s", (mark, expected) => {
    expect(comment(mark)).toBe(expected);
  });
});
