import { expect, it } from "vitest";
import { Budget } from "../bounds/budget.js";
import { sleep } from "../timers.js";
import { MessageIds } from "./message-ids.js";

it("MESSAGE-IDS-1, MESSAGE-IDS-2: knows an id for the window, and takes no memory for it afterwards", async () => {
  const budget = new Budget(10_000);
  const ids = new MessageIds(budget, 50);
  ids.add("a", 1);
  expect(ids.find("a")).toBe(1);
  expect(budget.used).toBeGreaterThan(0);
  await sleep(60);
  expect(ids.find("a")).toBeUndefined();
  expect(budget.used).toBe(0);
  ids.add("b", 2);
  ids.clear();
  expect([ids.find("b"), budget.used]).toEqual([undefined, 0]);
});
