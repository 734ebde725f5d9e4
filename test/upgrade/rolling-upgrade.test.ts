import { setTimeout as sleep } from "node:timers/promises";
import type { Bus, DeadLetter, Outcome } from "muove";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { load, tally } from "../failures/support/load.js";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { frozen, now, type Version } from "./support/sdk.js";

// A deploy replaces the instances of a service one after the other, and callers at another time. So two versions of the
// SDK must understand each other, and serve one mailbox together.

const { call, cast, event, mailbox } = now.sdk;

const shelf = mailbox("shelf", {
  take: call({
    input: z.object({ sku: z.string(), count: z.int() }),
    output: z.object({ left: z.int(), by: z.string() }),
    errors: { SOLD_OUT: z.object({ until: z.string() }) },
    timeout: 5_000,
  }),
  wait: call({ output: z.string(), timeout: 30_000 }),
  fill: cast({ input: z.string() }),
  emptied: event({ input: z.string() }),
});

const releases = await frozen();
const deploys = releases.flatMap((release): { readonly from: Version; readonly to: Version }[] => [
  { from: release, to: now },
  { from: now, to: release },
]);

test("this version of the protocol has a frozen release", () => {
  expect(releases.map(({ name }) => name)).toContain("protocol-1.js");
});

/** What the handlers of all instances have done. */
interface Ledger {
  readonly filled: string[];
  aborted: number;
}

interface Instance {
  readonly bus: Bus;
  readonly publish: { emptied(sku: string): unknown };
}

describeOnEachBroker((kind) => {
  test.each(deploys)(
    "from $from.name to $to.name no call fails, and no cast is lost",
    { timeout: 120_000 },
    async (deploy) => {
      const { from, to } = deploy;
      const { url } = await kind.start();
      const ledger: Ledger = { filled: [], aborted: 0 };
      const instances = await Promise.all([1, 2, 3].map(() => serve(from, url, ledger)));
      const callers = await Promise.all([from, to].map((version) => caller(version, url)));
      const before = instances.map(({ bus }) => bus.status.instance);

      for (const old of instances.splice(0)) {
        const next = await serve(to, url, ledger);
        instances.push(next);
        await Promise.all(callers.map(({ more }) => more(40)));
        await old.bus.close();
        await Promise.all(callers.map(({ more }) => more(40)));
        next.publish.emptied(`by ${next.bus.status.instance}`);
      }

      for (const { bus, stop, events, ups, downs, dead } of callers) {
        expect(tally(await stop())).toEqual({ ok: expect.any(Number) });
        expect(dead).toEqual([]);
        const names = instances.map(({ bus: { status } }) => status.instance);
        await until("every event has come", () => events.length >= names.length);
        expect(events.sort()).toEqual(names.map((name) => `by ${name}`).sort());
        for (const name of [...before, ...names]) expect(ups).toContain(name);
        expect(downs.sort()).toEqual(before.map((name) => `${name} closed`).sort());
        expect(await failing(bus)).toMatchObject({
          status: "failed",
          error: { code: "SOLD_OUT", data: { until: "May" } },
        });
        expect(await ofAll(bus)).toEqual(names.sort());
        await cancels(bus, ledger);
      }
      const sent = callers.flatMap(({ casts }) => casts);
      await until("every cast is handled", () => ledger.filled.length >= sent.length);
      expect(ledger.filled.sort()).toEqual([...sent].sort());
    },
  );
});

async function serve({ sdk }: Version, servers: string, ledger: Ledger): Promise<Instance> {
  const bus = sdk.connect({ service: "shelf", servers, tags: { region: "eu" }, logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  const { publish } = bus.serve(shelf, {
    async take({ sku, count }, ctx) {
      if (sku === "beer") return ctx.fail("SOLD_OUT", { until: "May" });
      await sleep(2);
      return { left: 100 - count, by: bus.status.instance };
    },
    async wait(_, ctx) {
      await sleep(30_000, undefined, { signal: ctx.signal }).catch(() => ledger.aborted++);
      return "waited";
    },
    fill: (text) => void ledger.filled.push(text),
  });
  await until("it is open", () => bus.status.mailboxes.every(({ state }) => state === "open"));
  return { bus, publish };
}

/** A caller that makes calls to every kind of address in a few lanes, and a cast with each. */
async function caller({ sdk }: Version, servers: string) {
  const bus = sdk.connect({ service: "caller", servers, logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  await until("it is connected", () => bus.status.connection.state === "up");
  const [events, ups, downs, casts]: string[][] = [[], [], [], []];
  const dead: DeadLetter[] = [];
  bus.on("deadLetter", (letter) => dead.push(letter));
  bus.on(shelf.events.emptied, (text) => void events?.push(text));
  const monitor = bus.monitor(shelf);
  monitor.on("up", ({ instance }) => ups?.push(instance));
  monitor.on("down", ({ instance, reason }) => downs?.push(`${instance} ${reason}`));
  await monitor.whenSettled();
  const ways = [{}, { tags: { region: "eu" } }, { key: "a" }, { key: "b" }] as const;
  const calls = load(4, (i): PromiseLike<Outcome<unknown, { code: "SOLD_OUT"; data: unknown }>> => {
    const way = ways[i % ways.length] ?? {};
    const to = Object.keys(way).length === 0 ? bus.to(shelf) : bus.to(shelf, way as { key: string });
    const text = `${bus.status.instance} ${i}`;
    casts?.push(text);
    to.fill(text);
    return to.take({ sku: "tea", count: 1 });
  });
  const more = (count: number): Promise<void> => {
    const enough = calls.done.length + count;
    return until("more calls have ended", () => calls.done.length >= enough, 30_000);
  };
  return {
    bus,
    more,
    stop: () => calls.stop(),
    events: events ?? [],
    ups: ups ?? [],
    downs: downs ?? [],
    casts: casts ?? [],
    dead,
  };
}

const failing = (bus: Bus) => bus.to(shelf).take({ sku: "beer", count: 1 });

async function ofAll(bus: Bus): Promise<string[]> {
  const answered: string[] = [];
  for await (const { outcome } of bus.toAll(shelf).take({ sku: "tea", count: 1 })) {
    if (outcome.status === "ok") answered.push(outcome.value.by);
  }
  return answered.sort();
}

/** Cancels a call, and checks that its handler's signal aborts. */
async function cancels(bus: Bus, ledger: Ledger): Promise<void> {
  const already = ledger.aborted;
  const controller = new AbortController();
  const outcome = bus.to(shelf).wait(undefined, { signal: controller.signal });
  await sleep(50);
  controller.abort();
  expect(await outcome).toMatchObject({ reason: "cancelled" });
  await until("its handler's signal aborted", () => ledger.aborted === already + 1);
}
