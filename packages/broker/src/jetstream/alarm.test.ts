import { expect, it } from "vitest";
import { performance, sleep } from "../timers.js";
import { Alarm } from "./alarm.js";

it("rings at the earliest time that it was set to, and once", async () => {
  const rings: number[] = [];
  const begun = performance.now();
  const alarm = new Alarm(() => rings.push(performance.now() - begun));
  alarm.set(10_000);
  alarm.setEarlier(30);
  alarm.setEarlier(5_000);
  await sleep(120);
  expect(rings).toHaveLength(1);
  expect(rings[0]).toBeGreaterThanOrEqual(29);
});

it("ALARM-1: does not ring when it was stopped, until it is set again", async () => {
  let rings = 0;
  const alarm = new Alarm(() => rings++);
  alarm.set(5);
  alarm.stop();
  await sleep(30);
  expect(rings).toBe(0);
  alarm.setEarlier(5);
  await sleep(30);
  expect(rings).toBe(1);
});
