import { expect, it } from "vitest";
import { Holdings } from "./holdings.js";
import { SharedPayload } from "./shared-payload.js";

it("HOLDINGS-1, HOLDINGS-2: calls back before add() returns, each time that the maximum is exceeded", () => {
  let told = 0;
  const holdings = new Holdings(10, () => told++);
  holdings.add(10);
  expect([holdings.used, told]).toEqual([10, 0]);
  holdings.add(1);
  expect([holdings.used, told]).toEqual([11, 1]);
  holdings.remove(5);
  holdings.add(4);
  expect([holdings.used, told]).toEqual([10, 1]);
});

it("SHARED-PAYLOAD-1: counts a payload once, until its last holder releases it", () => {
  const holdings = new Holdings(100, () => {});
  const payload = new SharedPayload(holdings, 7);
  payload.hold();
  payload.hold();
  expect(holdings.used).toBe(7);
  payload.release();
  expect(holdings.used).toBe(7);
  payload.release();
  expect(holdings.used).toBe(0);
});
