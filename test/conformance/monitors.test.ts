// Which instances are there, and which no longer are (docs/protocol.md, W-1 to W-6), over TCP.

import type { Bus, Down, Member, Monitor } from "muove";
import { call, InvalidOptions, mailbox } from "muove";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, serving, untilOpen } from "./support/buses.js";
import { blockLoop, holdingRelay } from "./support/holding-relay.js";
import { plainClient } from "./support/plain.js";
import { handlers, pricing } from "./support/pricing.js";

const idOf = ({ status: { instance } }: Bus): string => instance;

/** What a monitor reports, in order, such as `up 1` and `down 1 closed`. */
function told(monitor: Monitor, ...known: readonly Bus[]): string[] {
  onTestFinished(() => monitor.stop());
  const told: string[] = [];
  const name = (instance: string | undefined): string => String(known.findIndex((bus) => idOf(bus) === instance) + 1);
  monitor.on("up", ({ instance }) => told.push(`up ${name(instance)}`));
  monitor.on("down", ({ instance, reason }) => told.push(`down ${name(instance)} ${reason}`));
  return told;
}

describeOnEachBroker((kind) => {
  describe("a monitor", () => {
    test("reports the instances that are there, and knows their details", async () => {
      const broker = await kind.start();
      const first = await serving(broker, {}, { tags: { zone: "a", region: "eu" } });
      const caller = await connected(broker);
      const monitor = caller.monitor(pricing);
      const events = told(monitor, first);
      expect(monitor.settled).toBe(false);
      expect(await monitor.whenSettled()).toBe(true);
      expect(events).toEqual(["up 1"]);
      expect(monitor.instances).toEqual([
        {
          instance: idOf(first),
          service: "pricing",
          version: "1.2.0",
          tags: { region: "eu", zone: "a" },
          since: expect.any(Number),
          degraded: false,
        } satisfies Member,
      ]);
    });

    test("that starts later reports the instances already known", async () => {
      const broker = await kind.start();
      const [first, second] = [await serving(broker), await serving(broker)];
      const caller = await connected(broker);
      const earlier = caller.monitor(pricing);
      onTestFinished(() => earlier.stop());
      await earlier.whenSettled();
      const events = told(caller.monitor(pricing), first, second);
      await until("both are reported", () => events.length === 2);
      expect(events.sort()).toEqual(["up 1", "up 2"]);
    });

    test("reports absent at once when nobody is there, as in Erlang", async () => {
      const caller = await connected(await kind.start());
      const started = performance.now();
      const down = await new Promise<Down>((resolve) => {
        const monitor = caller.monitor(pricing);
        onTestFinished(() => monitor.stop());
        monitor.on("down", resolve);
      });
      expect(down).toEqual({ reason: "absent" });
      expect(performance.now() - started).toBeLessThan(500);
    });

    test("reports an instance that comes, and one that says goodbye", async () => {
      const broker = await kind.start();
      const caller = await connected(broker);
      const monitor = caller.monitor(pricing);
      await monitor.whenSettled();
      const first = await serving(broker);
      const events = told(monitor, first);
      await until("it is known", () => monitor.instances.length === 1);
      const closing = performance.now();
      const closed = first.close();
      await until("it is reported", () => events.includes("down 1 closed"));
      expect(performance.now() - closing).toBeLessThan(500);
      expect(monitor.instances).toEqual([]);
      await closed;
    });

    test("reports the goodbye when draining starts, not when it ends", async () => {
      const broker = await kind.start();
      const [busy, free] = [gate(), gate()];
      const service = await serving(broker, {
        async ping() {
          busy.open();
          await free.passed;
        },
      });
      const caller = await connected(broker);
      const monitor = caller.monitor(pricing);
      await monitor.whenSettled();
      const events = told(monitor, service);
      const underWay = caller.to(pricing).ping();
      await busy.passed;
      void service.close();
      await until("it is reported", () => events.includes("down 1 closed"));
      free.open();
      expect(await underWay).toMatchObject({ status: "ok" });
    });

    test("knows whether an instance is degraded", async () => {
      const broker = await kind.start();
      const service = await serving(broker);
      const caller = await connected(broker);
      const monitor = caller.monitor(pricing);
      onTestFinished(() => monitor.stop());
      await monitor.whenSettled();
      expect(monitor.instances).toMatchObject([{ degraded: false }]);
      await service.to(mailbox("elsewhere", { ask: call() })).ask();
      await until("it is heard", () => monitor.instances[0]?.degraded === true);
    });

    test("keeps what it knew while its connection is lost, and reports what has changed when it is back", async () => {
      const broker = await kind.start();
      const { port } = broker;
      const [staying, leaving] = [await serving(broker), await serving(broker)];
      const caller = await connected(broker);
      const monitor = caller.monitor(pricing);
      await monitor.whenSettled();
      const events = told(monitor, staying, leaving);
      await until("both are reported", () => events.length === 2);
      events.length = 0;
      await broker.kill();
      await until("it is lost", () => !monitor.settled);
      expect(monitor.instances).toHaveLength(2);
      await leaving.close();
      await kind.start({ port });
      expect(await monitor.whenSettled({ timeout: 10_000 })).toBe(true);
      await until("one of them is gone", () => events.includes("down 2 gone"));
      expect(monitor.instances.map(({ instance }) => instance)).toEqual([idOf(staying)]);
      expect(events).toEqual(["down 2 gone"]);
    });

    test("ends with stop() and when it is disposed", async () => {
      const broker = await kind.start();
      const caller = await connected(broker);
      const listener = vi.fn();
      {
        using monitor = caller.monitor(pricing);
        monitor.on("up", listener);
        await monitor.whenSettled();
      }
      const stopped = caller.monitor(pricing);
      stopped.on("up", listener);
      stopped.stop();
      stopped.stop();
      const heard = told(caller.monitor(pricing), await serving(broker));
      await until("the one that goes on reports it", () => heard.includes("up 1"));
      expect(listener).not.toHaveBeenCalled();
    });

    test("calls its other listeners when one throws", async () => {
      const broker = await kind.start();
      await serving(broker);
      const caller = await connected(broker);
      const monitor = caller.monitor(pricing);
      onTestFinished(() => monitor.stop());
      const after = vi.fn();
      monitor.on("up", () => {
        throw new Error("boom");
      });
      monitor.on("up", after);
      await until("the next listener is called", () => after.mock.calls.length === 1);
      expect(await monitor.whenSettled()).toBe(true);
    });

    test("takes only a mailbox and valid options, and cannot start on a closing bus", async () => {
      const caller = await connected(await kind.start());
      expect(() => caller.monitor("pricing" as never)).toThrow(InvalidOptions);
      expect(() => caller.monitor(pricing).whenSettled({ timeout: -1 })).toThrow(InvalidOptions);
      void caller.close();
      expect(() => caller.monitor(pricing)).toThrow(/closing/);
    });

    test("does not mistake its own stalled event loop for silence of others", async () => {
      const broker = await kind.start();
      const relay = await holdingRelay(broker.port);
      const service = await serving(broker);
      const caller = await connected(relay);
      const monitor = caller.monitor(pricing);
      const events = told(monitor, service);
      await monitor.whenSettled();
      for (let i = 0; i < 2; i++) {
        await blockLoop(3_500);
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      expect(events).toEqual(["up 1"]);
    });
  });

  describe("a monitor is not fooled by forged signs:", () => {
    const signsOf = (instance: string) => `muove-presence.pricing.pricing.${instance}`;

    test("goodbyes forged for a live instance change nothing, and a true one is still reported", async () => {
      const broker = await kind.start();
      const service = await serving(broker);
      const caller = await connected(broker);
      const monitor = caller.monitor(pricing);
      await monitor.whenSettled();
      const events = told(monitor, service);
      const liar = await plainClient(broker);
      const goodbye = JSON.stringify({ type: "goodbye", instance: idOf(service) });
      let asked = 0;
      liar.subscribe(`muove.pricing._i.${idOf(service)}._watch`, { callback: () => void asked++ });
      await liar.flush();
      const lying = setInterval(() => liar.publish(signsOf(idOf(service)), goodbye), 5);
      onTestFinished(() => clearInterval(lying));
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(events).toEqual(["up 1"]);
      expect(asked).toBeGreaterThan(3);
      expect(asked).toBeLessThanOrEqual(16); // Once in 100 ms.
      void service.close();
      await until("it is reported", () => events.includes("down 1 closed"));
    });

    test("any number of forged hellos makes no invented instance known", async () => {
      const broker = await kind.start();
      const service = await serving(broker);
      const caller = await connected(broker);
      const monitor = caller.monitor(pricing);
      const events = told(monitor, service);
      await monitor.whenSettled();
      const liar = await plainClient(broker);
      const card = { service: "pricing", version: "1.0.0", tags: {}, since: 0, degraded: false };
      for (let n = 0; n < 20_000; n++) {
        liar.publish(signsOf(`ghost-${n}`), JSON.stringify({ type: "hello", instance: `ghost-${n}`, ...card }));
        if (n % 1_000 === 0) await liar.flush();
      }
      await liar.flush();
      expect(await caller.to(pricing, { key: "a" }).ping()).toMatchObject({ status: "ok" });
      const late = await serving(broker);
      await until("a later instance is known", () => monitor.instances.length === 2);
      expect(monitor.instances.map(({ instance }) => instance)).toEqual([idOf(service), idOf(late)]);
      expect(events[0]).toBe("up 1");
      expect(events).toHaveLength(2);
    });

    test("a sign sent to another instance's subject is ignored", async () => {
      const broker = await kind.start();
      const service = await serving(broker);
      const caller = await connected(broker);
      const monitor = caller.monitor(pricing);
      await monitor.whenSettled();
      const liar = await plainClient(broker);
      let asked = 0;
      liar.subscribe("muove.pricing._i.*._watch", { callback: () => void asked++ });
      await liar.flush();
      const goodbye = JSON.stringify({ type: "goodbye", instance: idOf(service) });
      liar.publish(signsOf("another"), goodbye);
      liar.publish(`muove-presence.pricing.basket.${idOf(service)}`, goodbye);
      liar.publish(signsOf("more.than.one"), goodbye);
      await liar.flush();
      expect(await caller.to(pricing).ping()).toMatchObject({ status: "ok" });
      expect(asked).toBe(0);
      expect(monitor.instances).toHaveLength(1);
    });
  });

  test.each([1e12, 1e308, -1, 0, 0.001])(
    "an instance that is asked to beat every %d ms keeps to a bounded rate",
    async (interval) => {
      const broker = await kind.start();
      const service = await serving(broker);
      const client = await plainClient(broker);
      let beats = 0;
      client.subscribe("muove-presence.pricing.>", { callback: () => void beats++ });
      const card = await client.request(
        `muove.pricing._i.${idOf(service)}._watch`,
        JSON.stringify({ interval, lease: 1e12 }),
        { timeout: 5_000 },
      );
      expect(card.json()).toMatchObject({ instance: idOf(service), protocol: 1 });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(beats).toBeLessThanOrEqual(12);
      expect(beats).toBeGreaterThanOrEqual(interval > 60_000 ? 0 : 5);
    },
  );

  test("a clean close is reported within a second even while a subscriber of > hides that nobody listens", async () => {
    const broker = await kind.start();
    const service = await serving(broker);
    const client = await plainClient(broker);
    client.subscribe(">", { callback: () => {} });
    await client.flush();
    const caller = await connected(broker);
    const monitor = caller.monitor(pricing);
    const events = told(monitor, service);
    await until("it is known", () => events.includes("up 1"));
    const closing = performance.now();
    void service.close();
    await until("it is reported", () => events.includes("down 1 closed"));
    expect(performance.now() - closing).toBeLessThan(1_000);
  });

  test("an instance that may not publish its presence is still known by asking, and its bus reports forbidden", async () => {
    const broker = await kind.start({ users: [{ name: "mute", denied: { publish: ["muove-presence.pricing.>"] } }] });
    const credentials = { user: "mute", pass: "mute" };
    const forbidden: string[] = [];
    const service = openBus(broker, { service: "pricing", credentials });
    service.on("forbidden", ({ subject }) => forbidden.push(subject));
    service.serve(pricing, handlers());
    await untilOpen(service);
    await until("it is reported", () => forbidden.length > 0);
    expect(new Set(forbidden)).toEqual(new Set([`muove-presence.pricing.pricing.${idOf(service)}`]));
    expect(service.health).toMatchObject({ ready: true });
    const caller = await connected(broker, { credentials });
    const monitor = caller.monitor(pricing);
    const events = told(monitor, service);
    await monitor.whenSettled();
    await new Promise((resolve) => setTimeout(resolve, 4_000)); // Longer than an instance may be silent.
    expect(events).toEqual(["up 1"]);
  });

  test("a monitor does not settle before an instance comes while a subscriber of > hides that nobody listens", async () => {
    const broker = await kind.start();
    const client = await plainClient(broker);
    client.subscribe(">", { callback: () => {} });
    await client.flush();
    const caller = await connected(broker);
    const monitor = caller.monitor(pricing);
    expect(await monitor.whenSettled({ timeout: 1_500 })).toBe(false);
    expect(await caller.to(pricing, { key: "a" }).ping(undefined, { timeout: 100 })).toMatchObject({
      reason: "expired",
    });
    const service = await serving(broker);
    const events = told(monitor, service);
    expect(await monitor.whenSettled({ timeout: 10_000 })).toBe(true);
    await until("it is reported", () => events.length === 1);
    expect(events).toEqual(["up 1"]);
  });

  test("an instance sends only a hello and a goodbye while nobody monitors", async () => {
    const broker = await kind.start();
    const client = await plainClient(broker);
    const subjects: string[] = [];
    const texts: string[] = [];
    client.subscribe(">", {
      callback(_, msg) {
        if (msg.subject.startsWith("_INBOX")) return;
        subjects.push(msg.subject);
        texts.push(msg.string());
      },
    });
    await client.flush();
    const service = await serving(broker, {}, { tags: { region: "eu" } });
    const caller = await connected(broker);
    expect(await caller.to(pricing).ping()).toMatchObject({ status: "ok" });
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // For a monitor, three beats would come in this time.
    await service.close();
    await until("the goodbye has come", () => texts.length === 3);
    const presence = `muove-presence.pricing.pricing.${idOf(service)}`;
    expect(subjects).toEqual([presence, "muove.pricing.ping", presence]);
    expect(texts.map((text) => (text === "" ? "" : JSON.parse(text).type))).toEqual(["hello", "", "goodbye"]);
  });

  test("beats end by themselves when nobody monitors any more", { timeout: 60_000 }, async () => {
    const broker = await kind.start();
    await serving(broker);
    const caller = await connected(broker);
    const client = await plainClient(broker);
    let beats = 0;
    client.subscribe("muove-presence.pricing.pricing.*", { callback: () => void beats++ });
    const monitor = caller.monitor(pricing);
    await monitor.whenSettled();
    await until("it beats", () => beats >= 2);
    monitor.stop();
    let before = -1;
    const ended = async (): Promise<boolean> => {
      before = beats;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return beats === before;
    };
    await until("there is no beat in a second", ended, 30_000);
    expect(beats).toBeLessThan(30); // A lease of 6 s allows fifteen beats.
  });
});
