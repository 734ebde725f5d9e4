import { cast } from "@muove/contract";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { Core } from "../core/core.js";
import { newCounts } from "../core/counts.js";
import { Events } from "../core/events.js";
import { Handling } from "./handling.js";
import type { Incoming } from "./intake.js";

test("what a handler throws may itself throw when it is logged: that ends in the log, and nowhere else", async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const core = { counts: newCounts(), events: new Events(log) } as Core;
  const raise = (): never => {
    throw new Error("thrown by the error itself");
  };
  const hostile = new Proxy(new Error("a crash"), { get: raise, has: raise });
  const incoming = { input: undefined, context: { log }, replier: undefined } as unknown as Incoming;
  const throws = (): never => {
    throw hostile;
  };

  new Handling(core, "a.tell", cast(), throws).run(incoming);
  await new Handling(core, "a.tell", cast(), async () => throws()).run(incoming);

  expect(core.counts.crashed).toBe(2);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: "a handler threw what cannot be logged", crash: expect.any(String) },
    { msg: "a handler threw what cannot be logged", crash: expect.any(String) },
  ]);
});
