import { expect, test } from "vitest";
import { nonce, nonceLength } from "./nonces.js";

test("nonces are unique, and each is 11 characters that are valid in a subject", () => {
  const all = Array.from({ length: 20_000 }, nonce);
  expect(new Set(all).size).toBe(all.length);
  for (const each of all) expect(each).toMatch(/^[\w-]{11}$/);
  expect(nonceLength).toBe(11);
});

test("every character of a nonce takes all 64 values", () => {
  const all = Array.from({ length: 20_000 }, nonce);
  for (let at = 0; at < nonceLength; at++) expect(new Set(all.map((each) => each[at])).size).toBe(64);
});
