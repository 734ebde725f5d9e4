import { expect, it } from "vitest";
import { Tokens } from "./tokens.js";

function split(line: string, lineEndsToo = false): Tokens {
  const tokens = new Tokens();
  tokens.split(Buffer.from(line, "latin1"), 0, line.length, lineEndsToo);
  return tokens;
}

it("splits at spaces and tabs, and keeps all other bytes", () => {
  const tokens = split("  a\t\tb\xff  c ");
  expect(tokens.count).toBe(3);
  expect([0, 1, 2].map((i) => tokens.key(i))).toEqual(["a", "b\xff", "c"]);
});

it("splits at line ends only if they separate", () => {
  expect(split("a\r\nb", true).count).toBe(2);
  expect(split("a\r\nb").key(0)).toBe("a\r\nb");
});

it("counts more than it keeps", () => {
  expect(split("1 2 3 4 5 6 7 8").count).toBe(8);
});

it.each([
  ["0", 0],
  ["007", 7],
  ["999999999", 999_999_999],
  ["0000000001", -1],
  ["-1", -1],
  ["1a", -1],
  ["+1", -1],
])("reads %s as the size %d", (text, size) => {
  expect(split(text).size(0)).toBe(size);
});
