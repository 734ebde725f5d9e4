import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readKey, writtenKey } from "./key.js";

test.each(["7", "a b", "Müller", "ключ", "🔑", "%", "a,b=c;d", "\r\n", "x".repeat(256), "€".repeat(85)])(
  "the key %j is one line of visible ASCII, and is read as it was written",
  (key) => {
    expect(writtenKey(key)).toMatch(/^[\x21-\x7e]+$/);
    expect(readKey(writtenKey(key))).toBe(key);
  },
);

test("a lone surrogate is written as the character that replaces it in UTF-8", () => {
  expect(readKey(writtenKey("a\ud800"))).toBe("a\ufffd");
});

test.each([undefined, "a\u0000", "x".repeat(257), "%41".repeat(257), "x".repeat(100_000)])(
  "what no key is written as counts as missing: %j",
  (value) => {
    expect(readKey(value)).toBeUndefined();
  },
);

test("the vectors of other implementations hold", () => {
  const file = new URL("../../../../test/vectors/headers.json", import.meta.url);
  const { keys, keysRead, noKeys } = JSON.parse(readFileSync(file, "utf8")) as {
    keys: { key: string; header: string }[];
    keysRead: { key: string; header: string }[];
    noKeys: string[];
  };
  for (const { key, header } of keys) expect(writtenKey(key)).toBe(header);
  for (const { key, header } of [...keys, ...keysRead]) expect(readKey(header)).toBe(key);
  for (const header of noKeys) expect(readKey(header)).toBeUndefined();
});
