// Two copies of the SDK in one process, as bundlers, hot reload and workspaces make them: what one of them made, the
// other one takes.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { startBroker } from "@muove/broker";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { Copy, type Muove } from "./support/second-copy.js";

let one: Muove;
let other: Muove;
const copies = [new Copy(), new Copy()] as const;
beforeAll(async () => {
  [one, other] = await Promise.all([copies[0].load(), copies[1].load()]);
});
afterAll(() => {
  for (const copy of copies) copy.remove();
});

const contractOf = ({ call, cast, event, mailbox }: Muove) =>
  mailbox("prices", {
    quote: call({
      input: z.object({ sku: z.string() }),
      output: z.unknown(),
      errors: { GONE: z.undefined() },
      timeout: 2_000,
    }),
    changed: cast({ input: z.string() }),
    moved: event({ input: z.string() }),
  });
type Prices = ReturnType<typeof contractOf>;

/** A service of one copy, with handlers that use another. */
async function serve(muove: Muove, contract: Prices, url: string) {
  const bus = muove.connect({ service: "prices", servers: url, logger: false });
  onTestFinished(() => bus.close());
  const seen: string[] = [];
  const own = bus.serve(contract, {
    quote: ({ sku }, ctx) => (sku === "gone" ? ctx.fail("GONE") : { sku }),
    changed: (sku) => void seen.push(sku),
  });
  await connected(bus);
  return { bus, own, seen };
}

async function caller(muove: Muove, url: string) {
  const bus = muove.connect({ service: "shop", servers: url, logger: false });
  onTestFinished(() => bus.close());
  await connected(bus);
  return bus;
}

const connected = (bus: ReturnType<Muove["connect"]>) => expect.poll(() => bus.status.connection.state).toBe("up");

async function broker(): Promise<string> {
  const started = await startBroker({ port: 0 });
  onTestFinished(() => started.close());
  return started.url;
}

test("the two copies are two: they share no class", () => {
  expect(one.InvalidInput).not.toBe(other.InvalidInput);
  expect(one.MuoveError).not.toBe(other.MuoveError);
});

describe("what one copy made, the other takes:", () => {
  test("a contract with durable casts, by a sender and an owner, and what its handler says", async () => {
    const url = await broker();
    const contract = other.mailbox("post", { send: other.cast({ input: z.string(), durable: true }) });
    const bus = await caller(one, url);
    const seen: string[] = [];
    bus.serve(contract, {
      send(text, ctx) {
        seen.push(text);
        throw ctx.bury("why"); // Of a plain cast it ends it; anything else that is thrown is a crash.
      },
    });
    await expect.poll(() => bus.status.mailboxes[0]?.state).toBe("open");
    // The embedded broker keeps nothing.
    expect(await bus.to(contract).send("a")).toMatchObject({ status: "unavailable", reason: "no-store" });
    bus.to(one.mailbox("post", { send: one.cast({ input: z.string() }) })).send("b");
    await expect.poll(() => seen).toEqual(["b"]);
    expect(bus.status.counts.crashed).toBe(0);
  });

  test("a contract, by an owner, a caller and a listener", async () => {
    const url = await broker();
    const contract = contractOf(other);
    const { own, seen } = await serve(one, contract, url);
    const bus = await caller(one, url);
    const heard: string[] = [];
    bus.on(contract.events.moved, (text) => void heard.push(text));
    await expect.poll(() => bus.to(contract).quote({ sku: "tea" })).toMatchObject({ value: { sku: "tea" } });
    expect(bus.to(contract).changed("tea")).toEqual({ status: "sent" });
    await expect.poll(() => seen).toEqual(["tea"]);
    await expect
      .poll(() => {
        own.publish.moved("far");
        return heard[0];
      })
      .toBe("far");
  });

  test("a failure: it is `failed`, and isFailure knows it", async () => {
    const url = await broker();
    const ask = one.mailbox("ask", { ask: one.call({ errors: { GONE: z.undefined() } }) });
    const theirs = await caller(other, url);
    let failure: unknown;
    theirs.serve(ask, {
      ask: (_, ctx) => {
        failure = ctx.fail("GONE");
        return ctx.fail("GONE");
      },
    });
    const bus = await caller(one, url);
    await expect.poll(() => bus.to(ask).ask()).toMatchObject({ status: "failed" });
    await theirs.close();
    expect(one.isFailure(failure)).toBe(true);
    bus.serve(ask, { ask: () => failure as never });
    await expect.poll(() => bus.to(ask).ask()).toMatchObject({ status: "failed", error: { code: "GONE" } });
  });

  test("lastKnown(): it remembers, and is never the answer itself", async () => {
    const url = await broker();
    const contract = contractOf(one);
    const { bus: service } = await serve(one, contract, url);
    const bus = await caller(one, url);
    const ask = () => bus.to(contract).quote({ sku: "tea" }).orElse(other.lastKnown());
    await expect.poll(ask).toMatchObject({ status: "ok" });
    await service.close();
    expect(await ask()).toMatchObject({ status: "degraded", source: "last-known", value: { sku: "tea" } });
    expect(await bus.to(contract).quote({ sku: "new" }).orElse(other.lastKnown())).toMatchObject({
      status: "unavailable",
    });
  });

  test("none: in a chain, and in withFallback", async () => {
    const url = await broker();
    const contract = contractOf(one);
    const bus = await caller(one, url);
    const client = bus.to(contract);
    expect(await client.quote({ sku: "tea" }).orElse(async () => other.none)).toMatchObject({ reason: "absent" });
    const safe = other.withFallback(client, { quote: other.none });
    expect(await safe.quote({ sku: "tea" })).toMatchObject({ reason: "absent" });
  });

  test("a client, for its withFallback, its bus and its budget", async () => {
    const url = await broker();
    const contract = contractOf(one);
    const client = (await caller(one, url)).to(contract);
    const safe = other.withFallback(client, { quote: [other.lastKnown(), { sku: "list" }] });
    const bus = await caller(other, url);
    for (const again of [safe, bus.to(safe), bus.within({ timeout: 500 }).to(safe)]) {
      expect(await again.quote({ sku: "tea" })).toMatchObject({ status: "degraded", value: { sku: "list" } });
    }
  });

  test("an error: isMuoveError knows it, and it has its name and code", () => {
    const errors = [
      new other.InvalidInput("m.x", []),
      new other.InvalidOptions("This", []),
      new other.InvalidContract("This", []),
      new other.TooLarge("m.x", 2, 1),
      new other.FallbackError("late"),
    ];
    for (const error of errors) {
      expect(one.isMuoveError(error)).toBe(true);
      expect(error.code).toMatch(/^MUOVE_/);
      expect(error.name).toBe(error.constructor.name);
    }
  });
});

test("supervised(), of both in one process, exits when the buses of both have closed, and not before", async () => {
  const program = `
    const bus = (muove, before) => {
      const made = muove.connect({ service: "test", servers: "127.0.0.1:1", logger: false });
      made.on("closed", () => console.log("closed"));
      muove.supervised(made, { before });
    };
    const [one, other] = await Promise.all(${JSON.stringify(copies.map(({ entry }) => entry))}.map((entry) => import(entry)));
    bus(one, () => {});
    bus(other, () => new Promise((resolve) => setTimeout(resolve, 300)));
    console.log("ready");`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  child.stdout.on("data", (data) => {
    printed += data;
    if (printed === "ready\n") child.kill("SIGTERM");
  });
  const [code] = await once(child, "close");
  expect(printed).toBe("ready\nclosed\nclosed\n");
  expect(code).toBe(0);
});
