import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { tally } from "../failures/support/load.js";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import { longestNet } from "./services/stalls.js";
import type { Peer, Said } from "./support/peer.js";
import { megabytes, stallsOf } from "./support/services.js";
import { threat } from "./support/threat.js";

const card = (instance: string) => ({
  instance,
  service: "stock",
  version: "9.9.9",
  tags: {},
  since: 1,
  degraded: false,
});
const say = (value: object): Said => ({ payload: JSON.stringify(value) });

/** Signs that the peer forges in the name of an instance. */
const signs = (instance: string): readonly Said[] => [
  say({ type: "hello", ...card(instance) }),
  say({ type: "goodbye", instance, service: "stock" }),
  say({ type: "beat", instance, service: "stock", degraded: true }),
];

/** Tallies the outcomes of calls by key, each with another key. */
async function callByKey(call: (key: string) => Promise<{ status: string; delivered: string }>, count: number) {
  const outcomes = [];
  for (let i = 0; i < count; i++) outcomes.push(await call(`key ${i}`));
  return tally(outcomes);
}

threat("T9", "the server refuses signs forged by the peer, and nobody gets them", async (attack) => {
  const scene = await attack.guarded();
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  serveStock(service);
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const { instance } = service.status;
  const monitor = caller.monitor(stock);
  const told: unknown[] = [];
  monitor.on("down", (down) => told.push(down));
  await monitor.whenSettled();
  const [peer, witness] = [await scene.peer(), await scene.witness("muove-presence.>")];
  const places = [instance, "stranger"].flatMap((name) => [
    `muove-presence.stock.stock.${name}`,
    `muove-presence.stock.evil.${name}`,
    `muove-presence.basket.basket.${name}`,
  ]);
  for (const place of places) for (const said of signs(place.split(".")[3] as string)) peer.publish(place, said);
  await peer.flush();
  expect(peer.refusals).toHaveLength(3 * places.length);
  await witness.flush();
  expect(witness.heard.filter(({ subject }) => subject !== `muove-presence.stock.stock.${instance}`)).toEqual([]);
  expect(witness.heard.filter(({ payload }) => /hello|goodbye/.test(payload))).toEqual([]);
  const byKey = (key: string) => caller.to(stock, { key }).level({ sku: "tea" });
  expect(await callByKey(byKey as never, 50)).toEqual({ ok: 50 });
  expect(told).toEqual([]);
  monitor.stop();
});

threat("T9", "a service cannot forge signs of another service's instances", async (attack) => {
  const scene = await attack.guarded();
  const basket = await scene.as("basket");
  for (const said of signs("1")) {
    basket.publish("muove-presence.stock.stock.1", said);
    basket.publish("muove-presence.basket.stock.1", said);
    basket.publish("muove-presence.stock.basket.1", said);
  }
  await basket.flush();
  expect(basket.refusals).toHaveLength(9);
});

const strangers = 60_000;
const flooded = 2_000;

threat(
  "T9",
  "on an open NATS forged goodbyes and hellos neither break calls by key nor fool monitors",
  async (attack) => {
    const scene = await attack.open();
    const service = await scene.bus("stock");
    serveStock(service);
    await eventually(() => service.status.mailboxes[0]?.state === "open");
    const { instance } = service.status;
    const caller = await scene.process("caller");
    expect(await caller.ask("monitor")).toEqual([instance]);
    const byKey = (key: string) =>
      caller.ask<{ status: string; delivered: string }>("call", "level", { sku: "tea" }, {}, { key });
    await byKey("first");
    const before = await caller.ask<number>("memory");
    await stallsOf(caller);
    const peer = await scene.peer();
    const place = `muove-presence.stock.stock.${instance}`;

    const goodbyes = flood(peer, 100, (i) => [place, signs(instance)[1 + (i % 2)] as Said], 20);
    const outcomes = await callByKey(byKey, 400);
    await goodbyes;
    expect(outcomes).toEqual({ ok: 400 });

    const hellos = flood(peer, strangers, strange, undefined);
    expect(await callByKey(byKey, 50)).toEqual({ ok: 50 });
    await hellos;
    await eventually(async () => (await caller.ask("known")) === 1, { within: 10_000 });
    const stall = longestNet(await stallsOf(caller));
    await flood(peer, flooded, strange, flooded);
    const growth = megabytes((await caller.ask<number>("memory")) - before);
    attack.figure("calls by key that failed under 20 forged goodbyes per second", 400 - (outcomes.ok ?? 0), "of 400");
    attack.figure(`longest stall of a monitor by ${strangers} forged hellos`, stall);
    attack.figure(`growth of a monitor by ${strangers} forged hellos`, growth, "MB");
    expect(await caller.ask("seen")).toEqual([`up ${instance}`]);
    expect(stall).toBeLessThan(1_000);
    expect(growth).toBeLessThan(16);
    expect(caller.running).toBe(true);
  },
  { timeout: 120_000 },
);

/** A sign of an instance that does not exist. */
function strange(i: number): readonly [string, Said] {
  const name = `stranger${i}`;
  return [`muove-presence.stock.stock.${name}`, signs(name)[i % 3] as Said];
}

const flood = (peer: Peer, count: number, make: (i: number) => readonly [string, Said], rate: number | undefined) =>
  peer.flood(count, make, rate);
