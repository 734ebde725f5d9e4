// One mailbox is taken back, and served again by the same bus: hot reload, feature flags.

import { call, event, InvalidOptions, mailbox } from "muove";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, untilOpen } from "./support/buses.js";
import { plainClient } from "./support/plain.js";
import { ask } from "./support/service-api.js";

const feature = mailbox("feature", { version: call({ output: z.int(), timeout: 5_000 }), changed: event() });
const other = mailbox("other", { ping: call({ timeout: 5_000 }) });

describeOnEachBroker((kind) => {
  describe("a mailbox that was stopped", () => {
    test("is absent at once, while the others of the bus go on, and can be served again with other handlers", async () => {
      const broker = await kind.start();
      const [bus, caller] = [openBus(broker), await connected(broker)];
      bus.serve(other, { ping: () => {} });
      for (let version = 1; version <= 3; version++) {
        const served = bus.serve(feature, { version: () => version });
        await untilOpen(bus);
        expect(await caller.to(feature).version()).toMatchObject({ status: "ok", value: version });
        await served.stop();
        expect(await caller.to(feature).version()).toMatchObject({ reason: "absent", delivered: "no" });
        expect(bus.status.mailboxes.map(({ name }) => name)).toEqual(["other"]);
        expect(await caller.to(other).ping()).toMatchObject({ status: "ok" });
      }
      expect(bus.health).toMatchObject({ live: true, ready: true });
    });

    test("finishes what was delivered; until then it cannot be served again", async () => {
      const broker = await kind.start();
      const [bus, caller, done] = [openBus(broker), await connected(broker), gate()];
      const version = async () => {
        await done.passed;
        return 1;
      };
      const served = bus.serve(feature, { version });
      await untilOpen(bus);
      const outcome = caller.to(feature).version();
      await until("it runs", () => bus.status.mailboxes[0]?.running === 1);
      const stopped = served.stop();
      expect(bus.status.mailboxes[0]?.state).toBe("draining");
      expect(() => bus.serve(feature, { version })).toThrow(/is not stopped yet: await its stop\(\)/);
      done.open();
      await stopped;
      await served.stop(); // As often as one likes.
      expect(await outcome).toMatchObject({ status: "ok", value: 1 });
      const again = bus.serve(feature, { version });
      await served.stop(); // It ends its own serving, not the next one.
      expect(bus.status.mailboxes).toHaveLength(1);
      await again.stop();
    });

    test("is seen to leave and to come back, by monitors, keys and the tools of NATS", async () => {
      const broker = await kind.start();
      const [bus, caller, client] = [openBus(broker), await connected(broker), await plainClient(broker)];
      const served = bus.serve(feature, { version: () => 1 });
      await untilOpen(bus);
      using monitor = caller.monitor(feature);
      const seen: string[] = [];
      monitor.on("up", () => seen.push("up"));
      monitor.on("down", ({ reason }) => seen.push(reason));
      expect(await monitor.whenSettled({ timeout: 10_000 })).toBe(true);
      await until("it is seen", () => seen.length === 1);
      await served.stop();
      await until("it is seen to leave", () => seen.length === 2);
      expect(await ask(client, "PING", "feature")).toEqual([]);
      bus.serve(feature, { version: () => 2 });
      await until("it is seen to come back", () => seen.length === 3);
      expect(seen).toEqual(["up", "closed", "up"]);
      expect(await caller.to(feature, { key: 7 }).version()).toMatchObject({ status: "ok", value: 2 });
      expect(await ask(client, "PING", "feature")).toHaveLength(1);
    });

    test("is stopped by `await using`, as a listener is", async () => {
      const broker = await kind.start();
      const bus = openBus(broker);
      {
        await using served = bus.serve(feature, { version: () => 1 });
        await using _listener = bus.on(feature.events.changed, () => {});
        await untilOpen(bus);
        expect(served.publish.changed().status).toBe("sent");
        expect([bus.status.mailboxes.length, bus.status.listeners.length]).toEqual([1, 1]);
      }
      expect([bus.status.mailboxes, bus.status.listeners]).toEqual([[], []]);
    });

    test("needs no connection for it", async () => {
      const bus = openBus({ url: "127.0.0.1:1" });
      const served = bus.serve(feature, { version: () => 1 });
      await served.stop();
      bus.serve(feature, { version: () => 2 });
    });
  });
});

test.each([{ timeout: 0 }, { time: 1 }])("stop() refuses %j", (options) => {
  const bus = openBus({ url: "127.0.0.1:1" });
  const served = bus.serve(feature, { version: () => 1 });
  expect(() => served.stop(options as never)).toThrow(InvalidOptions);
  const listener = bus.on(feature.events.changed, () => {});
  expect(() => listener.stop(options as never)).toThrow(InvalidOptions);
});
