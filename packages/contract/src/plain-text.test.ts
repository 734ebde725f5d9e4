import { describe, expect, test } from "vitest";
import { plainText } from "./plain-text.js";

describe("a text of somebody else", () => {
  test.each(["", "required", "Größe: 5 € 👩‍👧", "שלום", "x".repeat(256)])(
    "stays as it is where it harms nobody: %s",
    (text) => {
      expect(plainText(text)).toBe(text);
    },
  );

  test.each([
    ["a\r\nb\tc\0d", "a b c d", "controls and line ends"],
    ["\x1b[31mred\x1b[0m \x1b]0;title\x07x\x1b(B", "red  x", "commands to a terminal"],
    ["\x1b", " ", "one that has no end"],
    ["a\x9b31mb", "a 31mb", "controls beyond ASCII"],
    ["a\u2028b\u2029c", "a b c", "separators of lines"],
    ["user\u202egnp.exe", "user gnp.exe", "what turns the order of letters round"],
    ["a\u{e0041}\u{e0042}b\u200bc\ufeffd", "a b c d", "what nobody sees"],
    ["a\ud800b", "a b", "half of a character"],
  ])("%j is %j: without %s", (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  test("is cut, and says so, and never in the middle of a character", () => {
    expect(plainText("x".repeat(257))).toBe(`${"x".repeat(255)}…`);
    expect(plainText("x".repeat(65), 64)).toBe(`${"x".repeat(63)}…`);
    expect(plainText(`${"x".repeat(62)}👩 and more`, 64)).toBe(`${"x".repeat(62)}…`);
  });

  test("costs no more for being long", () => {
    const long = "\x1b[31m\u202e".repeat(1_000_000);
    plainText(long);
    const began = performance.now();
    for (let n = 0; n < 1_000; n++) plainText(long);
    expect(performance.now() - began).toBeLessThan(500);
    expect(plainText(long).length).toBeLessThanOrEqual(256);
  });
});
