import { call } from "@muove/contract";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { Events } from "../base/events.js";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import { newCounts } from "../outcome/counts.js";
import type { OpenDelivery } from "./delivery.js";
import { Endpoint } from "./endpoint.js";
import { Figures } from "./figures.js";
import { HandlerSteps } from "./handler-steps.js";
import type { AnyHandler } from "./handlers.js";
import { Handling } from "./handling.js";
import type { Host } from "./host.js";
import type { ServeEnvironment } from "./serve-environment.js";

const thrower = (error: unknown) => (): never => {
  throw error;
};

/** Runs a handler that throws, and one that rejects. */
async function crashing(error: unknown, signal = new AbortController().signal, awaited = false) {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const env = { counts: newCounts(), events: new Events(log), handlerSteps: new HandlerSteps() } as ServeEnvironment;
  const host = { env, log: new RateLimitedLog(log), crashes: new RateLimitedLog(log, 10) } as Host;
  const answers: string[] = [];
  const replier = { status: (status: string) => answers.push(status) };
  const context = { address: "a.ask", log, signal, awaited, logged: {}, end: () => {} };
  const run = (handler: AnyHandler): Promise<void> | undefined => {
    const parts = { address: "a.ask", subject: "muove.a.ask", definition: call(), figures: new Figures() };
    const endpoint = new Endpoint({ ...parts, handler, handlerTimeout: undefined });
    const open = { delivery: {}, endpoint, input: undefined, context, replier };
    return new Handling(host).run(open as unknown as OpenDelivery);
  };
  run(thrower(error));
  await run(async () => thrower(error)());
  return { lines: lines.map((line) => JSON.parse(line)), crashed: env.counts.crashed, answers };
}

test("a thrown value may itself throw when it is logged: the crash is still logged and answered", async () => {
  const raise = thrower(new Error("thrown by the error itself"));
  const hostile = new Proxy(new Error("a crash"), { get: raise, has: raise });
  const line = { msg: "a handler threw a value that cannot be logged", crash: expect.any(String) };
  for (const signal of [undefined, AbortSignal.abort()]) {
    const { lines, crashed, answers } = await crashing(hostile, signal);
    expect(lines).toMatchObject([line, line]);
    expect({ crashed, answers }).toEqual({ crashed: 2, answers: ["crashed", "crashed"] });
  }
});

// Regression: where handlers pass their signal on, as the guide says, three of four timeouts were faulty/crashed.
describe("a handler that gives up because its signal aborted", () => {
  const signal = AbortSignal.abort(new DOMException("its time is over", "TimeoutError"));

  test.each([
    ["the signal's own reason", signal.reason],
    ["an AbortError, as Node's timers do", new DOMException("aborted", "AbortError")],
    ["an error that has it as its cause", new Error("no answer", { cause: signal.reason })],
  ])("and throws %s has not crashed, and sends no answer", async (_, error) => {
    expect(await crashing(error, signal)).toEqual({ lines: [], crashed: 0, answers: [] });
  });

  test("has crashed, and answers so, if its own time was over before its caller gave up", async () => {
    const { crashed, answers } = await crashing(signal.reason, signal, true);
    expect({ crashed, answers }).toEqual({ crashed: 2, answers: ["crashed", "crashed"] });
  });

  test("and fails for another reason has crashed", async () => {
    expect(await crashing(new Error("a mistake"), signal)).toMatchObject({ crashed: 2 });
  });

  test("has crashed if it throws an AbortError but its signal has not aborted", async () => {
    expect(await crashing(new DOMException("aborted", "AbortError"))).toMatchObject({ crashed: 2 });
  });
});
