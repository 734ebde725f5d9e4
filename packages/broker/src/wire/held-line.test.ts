import { expect, it } from "vitest";
import { HeldLine } from "./held-line.js";

it("HELD-LINE-3: joins a line in less than quadratic time", () => {
  const held = new HeldLine();
  const parts = 1_000_000;
  for (let i = 0; i < parts; i++) held.append(Buffer.from("x"), 0, 1, 0);
  expect(held.length).toBe(parts);
  expect(held.take().equals(Buffer.alloc(parts, "x"))).toBe(true);
  expect([held.active, held.length]).toEqual([false, 0]);
});

it("HELD-LINE-3: does not retain the chunk", () => {
  const held = new HeldLine();
  const chunk = Buffer.from("SUB a");
  held.append(chunk, 4, 5, 0);
  chunk.fill("!");
  expect(held.take().toString()).toBe("a");
});
