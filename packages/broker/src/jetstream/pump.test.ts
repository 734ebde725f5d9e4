import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { Pump } from "./pump.js";

it("PUMP-1: lets each one deliver once per turn, and again while there is more", async () => {
  const pump = new Pump();
  let rounds = 0;
  const deliverer = { deliver: () => ++rounds < 3 };
  pump.schedule(deliverer);
  pump.schedule(deliverer);
  expect(rounds).toBe(0);
  for (let i = 0; i < 6; i++) await turn();
  expect(rounds).toBe(3);
});

it("PUMP-2: delivers nothing once it is stopped", async () => {
  const pump = new Pump();
  let rounds = 0;
  pump.schedule({ deliver: () => ++rounds > 0 });
  pump.stop();
  pump.schedule({ deliver: () => ++rounds > 0 });
  await turn();
  expect(rounds).toBe(0);
});
