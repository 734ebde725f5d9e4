import { describe, expect, test } from "vitest";
import { plainText } from "./plain-text.js";

describe("a foreign text", () => {
  test.each(["", "required", "Größe: 5 € 👩‍👧", "שלום", "x".repeat(256)])(
    "is unchanged if it is harmless: %s",
    (text) => {
      expect(plainText(text)).toBe(text);
    },
  );

  test.each([
    ["a\r\nb\tc\0d", "a b c d", "control characters and line ends"],
    ["\x1b[31mred\x1b[0m \x1b]0;title\x07x\x1b(B", "red  x", "terminal commands"],
    ["\x1b", " ", "an unterminated command"],
    ["a\x9b31mb", "a 31mb", "controls beyond ASCII"],
    ["a\u2028b\u2029c", "a b c", "line separators"],
    ["user\u202egnp.exe", "user gnp.exe", "a change of direction"],
    ["a\u{e0041}\u{e0042}b\u200bc\ufeffd", "a b c d", "invisible characters"],
    ["a\ud800b", "a b", "a lone surrogate"],
  ])("%j becomes %j: without %s", (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  test("is cut, with an ellipsis, and never in the middle of a character", () => {
    expect(plainText("x".repeat(257))).toBe(`${"x".repeat(255)}…`);
    expect(plainText("x".repeat(65), 64)).toBe(`${"x".repeat(63)}…`);
    expect(plainText(`${"x".repeat(62)}👩 and more`, 64)).toBe(`${"x".repeat(62)}…`);
  });

  test("takes the same time however long it is", () => {
    const long = "\x1b[31m\u202e".repeat(1_000_000);
    plainText(long);
    const began = performance.now();
    for (let n = 0; n < 1_000; n++) plainText(long);
    expect(performance.now() - began).toBeLessThan(500);
    expect(plainText(long).length).toBeLessThanOrEqual(256);
  });
});
