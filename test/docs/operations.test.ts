import { readFileSync } from "node:fs";
import { eventually, type Nats, type ServerOptions } from "@muove/testkit";
import { connect as connectToNats } from "@nats-io/transport-node";
import { type Bus, connect, mailbox } from "muove";
import { afterEach, describe, expect, test } from "vitest";
import { makeKit } from "../support/kit.js";
import { natsServer } from "../support/nats-server.js";
import { Peer } from "../threats/support/peer.js";
import { stock } from "./snippets/guide/contract.js";
import { listen } from "./snippets/guide/events.js";
import { basket, serveBasket } from "./snippets/guide/nested.js";
import { serveStock } from "./snippets/guide/serve.js";

// What the guide says about operating NATS, tested on nats-server.

const buses: Bus[] = [];
let server: Nats;

afterEach(async () => {
  for (const bus of buses.splice(0)) await bus.close();
});

const start = async (options: Omit<ServerOptions, "on">): Promise<void> => {
  server = await makeKit().nats({ on: "nats-server", ...options });
};

function joined(service: string, user?: string, pass = "", tags = {}): Bus {
  const credentials = user === undefined ? {} : { credentials: { user, pass } };
  const bus = connect({ service, servers: server.url, tags, logger: false, ...credentials });
  buses.push(bus);
  return bus;
}

const up = (): Promise<unknown> => eventually(() => buses.every((bus) => bus.status.connection.state === "up"));

const conf = readFileSync(new URL("snippets/guide/nats.conf", import.meta.url), "utf8");

describe.skipIf(!natsServer)("[needs nats-server] the permissions of the guide", () => {
  test("are enough to serve, call, answer, cancel, and listen to events", async () => {
    await start({ text: conf });
    const forbidden: string[] = [];
    const service = joined("stock", "stock", "secret-2");
    serveStock(service);
    const caller = joined("basket", "basket", "secret-1");
    serveBasket(caller);
    for (const bus of buses) bus.on("forbidden", ({ subject }) => forbidden.push(subject));
    await up();
    expect(buses.flatMap((bus) => bus.status.mailboxes.map(({ state }) => state))).toEqual(["open", "open"]);
    expect(await caller.to(stock).level({ sku: "tea" })).toMatchObject({ status: "ok", value: { pieces: 5 } });
    const abort = new AbortController();
    const cancelled = caller.to(stock).level({ sku: "tea" }, { signal: abort.signal });
    abort.abort();
    expect(await cancelled).toMatchObject({ reason: "cancelled" });
    expect(await caller.to(stock).level({ sku: "tea" })).toMatchObject({ status: "ok" });
    const shown = new Set(["tea"]);
    listen(caller, shown);
    await eventually(() => caller.status.listeners.every(({ state }) => state === "open"));
    expect(await caller.to(stock).reserve({ sku: "tea", pieces: 5 })).toMatchObject({ status: "ok" });
    await eventually(() => shown.size === 0);
    expect(forbidden).toEqual([]);
  });

  test("let the tools of NATS see every mailbox of a service, and nobody answer in another's name", async () => {
    const operator = '{ user: operator, password: secret-3, permissions { publish: { allow: ["$SRV.>"] } } }';
    const text = conf
      .replace("users: [", `users: [ ${operator}`)
      .replace(
        '"$SRV.*.stock", "$SRV.*.stock.*"',
        '"$SRV.*.stock", "$SRV.*.stock.*", "$SRV.*.basket", "muove.basket.>"',
      );
    await start({ text });
    const service = joined("stock", "stock", "secret-2");
    serveStock(service);
    serveBasket(service);
    await up();
    const client = await connectToNats({ servers: server.url, user: "operator", pass: "secret-3" });
    const names: string[] = [];
    for await (const msg of await client.requestMany("$SRV.PING", "", { strategy: "stall", maxWait: 2_000 })) {
      names.push(msg.json<{ name: string }>().name);
    }
    await client.close();
    expect(names.sort()).toEqual(["basket", "stock"]);
    const other = await Peer.open(server.port, { user: "basket", pass: "secret-1" });
    const wider = ["$SRV.>", "$SRV.*", "$SRV.*.>", "$SRV.*.*", "$SRV.*.stock", "$SRV.*.stock.*", "$SRV.*.*.*"];
    for (const subject of wider) await other.subscribe(subject);
    expect(other.refusals).toHaveLength(wider.length);
    await other.close();
  });

  test("are enough to call every address, and to monitor", async () => {
    await start({ text: conf });
    const service = joined("stock", "stock", "secret-2", { region: "eu" });
    serveStock(service);
    const caller = joined("basket", "basket", "secret-1");
    const forbidden: string[] = [];
    for (const bus of buses) bus.on("forbidden", ({ subject }) => forbidden.push(subject));
    await up();
    const { instance } = service.status;
    for (const to of [{ instance }, { tags: { region: "eu" } }, { key: "tea" }]) {
      expect(await caller.to(stock, to).level({ sku: "tea" }), JSON.stringify(to)).toMatchObject({ status: "ok" });
    }
    for await (const { outcome } of caller.toAll(stock).level({ sku: "tea" })) expect(outcome.status).toBe("ok");
    const monitor = caller.monitor(stock);
    const reasons: string[] = [];
    monitor.on("down", ({ reason }) => reasons.push(reason));
    expect(await monitor.whenSettled()).toBe(true);
    await service.close();
    await eventually(() => reasons.length > 0);
    expect(reasons).toEqual(["closed"]);
    expect(forbidden).toEqual([]);
  });

  test("refuse everything else as forbidden", async () => {
    await start({ text: conf });
    const service = joined("stock", "stock", "secret-2");
    serveBasket(service);
    await up();
    expect(await service.to(stock).level({ sku: "tea" })).toMatchObject({ reason: "forbidden", delivered: "no" });
    expect(service.status.mailboxes).toMatchObject([{ name: "basket", state: "forbidden" }]);
    expect(service.health.ready).toBe(false);
    expect(await service.to(basket).check({ sku: "tea" })).toMatchObject({ reason: "forbidden" });
    const pretender = joined("basket", "basket", "secret-1");
    await up();
    const { soldOut } = stock.messages;
    pretender.serve(mailbox("stock", { soldOut }), {}).publish.soldOut({ sku: "tea" });
    await eventually(() => pretender.status.counts.deadLetters === 1);
  });
});

describe.skipIf(!natsServer)("[needs nats-server] a stream that captures muove.>", () => {
  async function capture(noAck: boolean): Promise<void> {
    await start({ jetStream: true });
    const client = await connectToNats({ servers: server.url });
    const stream = { name: "AUDIT", subjects: ["muove.>"], storage: "memory", no_ack: noAck };
    const answer = await client.request("$JS.API.STREAM.CREATE.AUDIT", JSON.stringify(stream));
    expect(answer.json()).not.toHaveProperty("error");
    await client.close();
  }

  async function asked(noAck: boolean) {
    await capture(noAck);
    const service = joined("stock");
    serveStock(service);
    const caller = joined("shop");
    await up();
    const answered = await caller.to(stock).level({ sku: "tea" });
    await service.close();
    const alone = await caller.to(stock).level({ sku: "tea" });
    caller.to(stock).sold({ sku: "tea", pieces: 1 });
    await eventually(() => caller.status.pending === 0);
    const { deadLetters, streamAcknowledgements } = caller.status.counts;
    return { answered, alone, deadLetters, streamAcknowledgements };
  }

  test("hides that a mailbox is absent, but its acknowledgements are never taken for answers", async () => {
    const { answered, alone, deadLetters, streamAcknowledgements } = await asked(false);
    expect(answered.status).toBe("ok");
    expect(alone).toMatchObject({ status: "unavailable", reason: "timeout" });
    expect(deadLetters).toBe(0);
    expect(streamAcknowledgements).toBeGreaterThan(0);
  });

  // The stream listens, whether it acknowledges or not, so the server does not report no responders.
  test("hides that a mailbox is absent with no_ack, too", async () => {
    const { answered, alone, deadLetters, streamAcknowledgements } = await asked(true);
    expect(answered.status).toBe("ok");
    expect(alone).toMatchObject({ status: "unavailable", reason: "timeout" });
    expect(deadLetters).toBe(0);
    expect(streamAcknowledgements).toBe(0);
  });
});
