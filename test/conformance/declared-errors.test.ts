// What a handler may do with ctx.fail(): return it, throw it, or look at it and drop it. Nothing else passes for success.

import { type Broker, startBroker } from "@muove/broker";
import { type Context, call, cast, connect, type Fail, isFailure, mailbox } from "muove";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { keptLog } from "../support/log-lines.js";
import { until } from "../support/until.js";
import { connected, gate, untilOpen } from "./support/buses.js";

const errors = { SOLD_OUT: z.object({ until: z.string() }), GONE: z.undefined() };
const shop = mailbox("shop", {
  buy: call({ output: z.string(), errors, timeout: 5_000 }),
  /** Without an output, so that nothing in its type says that something must be returned. */
  book: call({ errors, timeout: 5_000 }),
  note: cast(),
});
type Ctx = { readonly fail: Fail<typeof shop.messages.buy> } & Pick<Context, "log">;
type Way = (ctx: Ctx) => unknown;

const soldOut = { status: "failed", error: { code: "SOLD_OUT", data: { until: "noon" } }, delivered: "yes" };

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ port: 0 });
});
afterAll(() => broker.close());

/** A shop whose handlers do it in this way. */
async function open(way: Way) {
  const { lines, logger } = keptLog("error");
  const bus = connect({ service: "shop", servers: broker.url, logger });
  onTestFinished(() => bus.close({ timeout: 1 }));
  const handler = (_: unknown, ctx: unknown) => way(ctx as Ctx);
  bus.serve(shop, { buy: handler as never, book: handler as never, note: handler as never });
  await untilOpen(bus);
  return { bus, lines, to: (await connected(broker)).to(shop) };
}

const messages = ["buy", "book"] as const;
const data = { until: "noon" };
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

describe.each(messages)("a failure of %s", (message) => {
  test.each<[string, Way]>([
    ["returned", (ctx) => ctx.fail("SOLD_OUT", data)],
    ["returned later", async (ctx) => pause().then(() => ctx.fail("SOLD_OUT", data))],
    [
      "thrown",
      (ctx) => {
        throw ctx.fail("SOLD_OUT", data);
      },
    ],
    [
      "thrown later",
      async (ctx) => {
        await pause();
        throw ctx.fail("SOLD_OUT", data);
      },
    ],
    [
      "returned, after another one that was not",
      (ctx) => {
        ctx.fail("GONE");
        return ctx.fail("SOLD_OUT", data);
      },
    ],
  ])("that is %s is the answer", async (_, way) => {
    const { bus, to, lines } = await open(way);
    expect(await to[message]()).toMatchObject(soldOut);
    expect([bus.status.counts.crashed, lines]).toEqual([0, []]);
  });

  test.each<[string, Way]>([
    ["neither returned nor thrown", (ctx) => void ctx.fail("SOLD_OUT", data)],
    ["forgotten before the output", (ctx) => [ctx.fail("SOLD_OUT", data), "sold"][1]],
    [
      "forgotten, later",
      async (ctx) => {
        await pause();
        ctx.fail("SOLD_OUT", data);
      },
    ],
    ["returned to a callback only", (ctx) => void [1].map(() => ctx.fail("SOLD_OUT", data))],
    [
      "swallowed",
      async (ctx) => {
        await Promise.reject(ctx.fail("SOLD_OUT", data)).catch(() => {});
      },
    ],
  ])("that is %s is a crash, and the log says why", async (_, way) => {
    const { bus, to, lines } = await open(way);
    expect(await to[message]()).toMatchObject({ status: "faulty", reason: "crashed" });
    expect(bus.status.counts.crashed).toBe(1);
    const why = expect.stringContaining("the handler made the failure SOLD_OUT, and then answered something else");
    expect(lines).toMatchObject([{ msg: "a handler threw", address: `shop.${message}`, err: { message: why } }]);
  });

  test("that was looked at may be dropped", async () => {
    const { bus, to } = await open((ctx) => {
      const first = ctx.fail("SOLD_OUT", data);
      return isFailure(first) ? (message === "buy" ? "another one" : undefined) : undefined;
    });
    expect(await to[message]()).toMatchObject({ status: "ok" });
    expect(bus.status.counts.crashed).toBe(0);
  });

  test("that another copy of the package looks at may be dropped, and passes for one there", async () => {
    vi.resetModules();
    const copy: typeof import("muove") = await import("muove");
    expect(copy.isFailure).not.toBe(isFailure);
    const { to } = await open((ctx) => {
      expect(copy.isFailure(ctx.fail("SOLD_OUT", data))).toBe(true);
      return message === "buy" ? "another one" : undefined;
    });
    expect(await to[message]()).toMatchObject({ status: "ok" });
  });

  test("that is made by another copy of the package is the answer", async () => {
    vi.resetModules();
    const copy: typeof import("../../packages/muove/src/serve/failure.js") = await import(
      "../../packages/muove/src/serve/failure.js"
    );
    const { to } = await open(() => new copy.Failure("SOLD_OUT", data));
    expect(await to[message]()).toMatchObject(soldOut);
  });

  test("that is made after the answer is logged", async () => {
    const answered = gate();
    const { to, lines } = await open((ctx) => {
      void answered.passed.then(() => ctx.fail("GONE"));
      return message === "buy" ? "sold" : undefined;
    });
    expect(await to[message]()).toMatchObject({ status: "ok" });
    answered.open();
    await until("it is logged", () => lines.length === 1);
    const msg = "a handler made a failure after it had answered";
    expect(lines).toMatchObject([{ msg, address: `shop.${message}`, code: "GONE" }]);
  });
});

test("a failure that the contract does not declare is a crash, thrown or returned", async () => {
  const { to } = await open((ctx) => {
    throw ctx.fail("UNKNOWN" as never, undefined as never);
  });
  for (const message of messages) expect(await to[message]()).toMatchObject({ reason: "crashed" });
});

test("a cast has nobody to tell of a failure: one that it throws is a crash", async () => {
  const { bus, to } = await open((ctx) => {
    throw ctx.fail("GONE");
  });
  to.note();
  await until("it is counted", () => bus.status.counts.crashed === 1);
});
