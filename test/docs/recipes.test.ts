import { readFileSync } from "node:fs";
import { type Broker, startBroker } from "@muove/broker";
import { type Bus, call, connect, InvalidMetadata, mailbox } from "muove";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { stock } from "./snippets/guide/contract.js";
import { serveStock } from "./snippets/guide/serve.js";
import { httpServer } from "./snippets/recipes/fastify.js";

let broker: Broker;
let buses: Bus[];

beforeEach(async () => {
  broker = await startBroker({ port: 0 });
  buses = [];
});

afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.close()));
  await broker.close();
});

async function join(service: string, start = (_: Bus): void => {}): Promise<Bus> {
  const bus = connect({ service, servers: broker.url, logger: false });
  buses.push(bus);
  start(bus);
  expect(await bus.connected()).toBe(true);
  return bus;
}

describe("changing a contract: when", () => {
  const nothing = z.object({});
  const name = { name: z.string() };
  /** What each version of a contract has, and what its owner answers. */
  const changes: Readonly<Record<string, readonly [Version, Version]>> = {
    "a message is added": [{ named: "another" }, {}],
    "a message is removed": [{}, { named: "another" }],
    "an optional input field is added": [
      {},
      { input: z.object({ extra: z.string().optional() }), give: { extra: "x" } },
    ],
    "a required input field is added": [{}, { input: z.object(name), give: { name: "x" } }],
    "an input field is removed": [{ input: z.object(name), give: { name: "x" } }, {}],
    "an input field is renamed": [
      { input: z.object(name), give: { name: "x" } },
      { input: z.object({ title: z.string() }), give: { title: "x" } },
    ],
    "an output field is added": [{}, { output: z.object(name), answer: { name: "x" } }],
    "an optional output field is added": [
      {},
      { output: z.object({ extra: z.string().optional() }), answer: { extra: "x" } },
    ],
    "an output field is removed": [{ output: z.object(name), answer: { name: "x" } }, {}],
    "an output field is renamed": [
      { output: z.object(name), answer: { name: "x" } },
      { output: z.object({ title: z.string() }), answer: { title: "x" } },
    ],
    "an output gets another enum value": [
      { output: z.object({ kind: z.enum(["a"]) }), answer: { kind: "a" } },
      { output: z.object({ kind: z.enum(["a", "b"]) }), answer: { kind: "b" } },
    ],
    "a call declares another error": [
      { errors: { OLD: z.undefined() } },
      { errors: { GONE: z.undefined() }, fails: "GONE" },
    ],
  };

  interface Version {
    /** The name of the message; `ask` if left out. */
    readonly named?: string;
    readonly input?: z.ZodObject;
    readonly give?: object;
    readonly output?: z.ZodObject;
    readonly answer?: object;
    readonly errors?: Readonly<Record<string, z.ZodUndefined>>;
    readonly fails?: string;
  }

  function contractOf({ named = "ask", input = nothing, output = nothing, errors = {} }: Version) {
    return mailbox("pricing", { [named]: call({ input, output, errors }), other: call() });
  }

  /** What the caller of one version gets from an instance of another. */
  async function asked(caller: Version, owner: Version, message: string): Promise<string> {
    const service = await join("pricing", (bus) => {
      const answer = (_: unknown, ctx: { fail: (code: string) => unknown }): unknown =>
        owner.fails === undefined ? (owner.answer ?? {}) : ctx.fail(owner.fails);
      const handlers = { [owner.named ?? "ask"]: answer, other: () => undefined };
      bus.serve(contractOf(owner), handlers as never);
    });
    const client = (await join("shop")).to(contractOf(caller)) as unknown as Record<
      string,
      (input?: object) => Promise<{ status: string; reason?: string }>
    >;
    const { status, reason = status } = (await client[message]?.(
      message === "other" ? undefined : (caller.give ?? {}),
    )) ?? { status: "no such method" };
    await service.close();
    return reason;
  }

  const page = readFileSync(new URL("../../docs/recipes.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf("## Changing a contract"), page.indexOf("## Long jobs"));
  const rows = [...table.matchAll(/^\| (.*?) \| `(.*?)` \| `(.*?)` \|$/gm)].map(
    ([, change = "", old = "", young = ""]) => [change, old, young] as const,
  );

  test.each(rows)("%s, old callers get %s and new ones %s", async (change, oldCaller, newCaller) => {
    const [before, after] = changes[change] ?? [{}, {}];
    // The message that one of both does not have is the one that is asked for, by the one that has it.
    const added = before.named !== undefined ? "ask" : undefined;
    const removed = after.named !== undefined ? "ask" : undefined;
    const old = added === undefined ? await asked(before, after, "ask") : await asked(before, after, "other");
    const young = removed === undefined ? await asked(after, before, "ask") : await asked(after, before, "other");
    expect([old === "failed" ? "ok" : old, young]).toEqual([oldCaller, newCaller]);
  });

  test("each row of the page is tried", () => {
    expect(rows.map(([change]) => change)).toEqual(Object.keys(changes));
  });
});

describe("the Fastify recipe", () => {
  test("answers with the service, without it, and says whose mistake it was", async () => {
    const service = await join("stock", serveStock);
    const shop = await join("shop");
    const app = httpServer(shop);
    app.get("/by-key", async () => shop.to(stock, { key: "" }).level({ sku: "tea" }));
    app.get("/too-much", async () => {
      throw new InvalidMetadata("A message", [{ message: "metadata: too much", path: [] }]);
    });
    const get = async (url: string) => {
      const { statusCode, body } = await app.inject(url);
      return [statusCode, JSON.parse(body)];
    };
    const reserve = async (payload: object) => {
      const { statusCode, body, headers } = await app.inject({ method: "POST", url: "/reservations", payload });
      return [statusCode, JSON.parse(body), headers["retry-after"]];
    };
    expect(await get("/stock/tea")).toEqual([200, { pieces: expect.any(Number), sure: true }]);
    expect(await reserve({ sku: "tea", pieces: 1 })).toEqual([201, { left: expect.any(Number) }, undefined]);
    expect(await reserve({ sku: "tea", pieces: 900 })).toMatchObject([409, { code: "SOLD_OUT" }, undefined]);
    expect(await reserve({ sku: "tea", pieces: -1 })).toMatchObject([
      400,
      { issues: [{ path: ["pieces"] }] },
      undefined,
    ]);
    expect(await reserve({ sku: "x".repeat(1_048_540), pieces: 1 })).toMatchObject([
      413,
      { error: "MUOVE_TOO_LARGE" },
      undefined,
    ]);
    expect(await get("/readyz")).toEqual([200, { live: true, ready: true, degraded: false }]);
    expect(await get("/by-key")).toMatchObject([400, { issues: [{ path: ["key"] }] }]);
    expect(await get("/too-much")).toMatchObject([400, { issues: [{ message: "metadata: too much" }] }]);
    await service.close();
    expect(await get("/stock/tea")).toEqual([200, { pieces: expect.any(Number), sure: false }]);
    expect(await reserve({ sku: "tea", pieces: 1 })).toEqual([503, { reason: "absent", delivered: "no" }, "1"]);
    await app.close();
  });
});

test("one bus serves all evaluations of a module", async () => {
  vi.stubEnv("NATS_URL", broker.url);
  vi.stubEnv("LOG_LEVEL", "silent");
  const first = await import("./snippets/recipes/one-bus.js");
  vi.resetModules();
  const second = await import("./snippets/recipes/one-bus.js");
  buses.push(first.bus);
  expect(second.bus).toBe(first.bus);
  vi.unstubAllEnvs();
});
