// Metrics, with OpenTelemetry's own SDK.

import { describe, expect, test } from "vitest";
import { connected, gate, openBus, pair } from "../conformance/support/buses.js";
import { handlers, one, pricing } from "../conformance/support/pricing.js";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { registerMetrics } from "./support/sdk.js";

const collect = registerMetrics();

/** The sum of an instrument's values with these attributes. */
async function total(name: string, attributes: Record<string, unknown>): Promise<number> {
  const points = await collect(name);
  const matching = points.filter((point) =>
    Object.entries(attributes).every(([key, value]) => point.attributes[key] === value),
  );
  return matching.reduce((sum, { value }) => sum + value, 0);
}

describeOnEachBroker((kind) => {
  describe("metrics", () => {
    test("count calls by their outcomes, on both sides", async () => {
      const method = { "rpc.system.name": "muove", "rpc.method": "pricing.quote" };
      const failed = { ...method, "rpc.status_code": "failed" };
      const before = await total("rpc.client.call.duration", failed);
      const { prices } = await pair(await kind.start(), { quote: (_, ctx) => ctx.fail("GONE") });
      for (let i = 0; i < 3; i++) await prices.quote(one);
      expect((await total("rpc.client.call.duration", failed)) - before).toBe(3);
      expect((await total("rpc.server.call.duration", failed)) - before).toBe(3);
      const bus = await connected(await kind.start());
      const absent = { ...method, "rpc.status_code": "absent", "error.type": "absent" };
      const absentBefore = await total("rpc.client.call.duration", absent);
      await bus.to(pricing).quote(one);
      expect((await total("rpc.client.call.duration", absent)) - absentBefore).toBe(1);
    });

    test("count sent and handled casts, dead letters and degraded answers", async () => {
      const sent = { "messaging.system": "nats", "messaging.destination.name": "muove.pricing.flush" };
      const sentBefore = await total("messaging.client.operation.duration", sent);
      const handledBefore = await total("messaging.process.duration", sent);
      const { prices, service } = await pair(await kind.start());
      prices.flush();
      await until("it was handled", () => service.status.counts.received === 1);
      expect((await total("messaging.client.operation.duration", sent)) - sentBefore).toBe(1);
      expect((await total("messaging.process.duration", sent)) - handledBefore).toBe(1);
      const bus = await connected(await kind.start());
      const dead = { "muove.address": "pricing.flush", "error.type": "absent" };
      const deadBefore = await total("muove.dead_letters", dead);
      bus.to(pricing).flush();
      await until("it is a dead letter", () => bus.status.counts.deadLetters === 1);
      expect((await total("muove.dead_letters", dead)) - deadBefore).toBe(1);
      const degraded = { "rpc.method": "pricing.count", "error.type": "absent", "muove.source": "constant" };
      const degradedBefore = await total("muove.degraded", degraded);
      await bus.to(pricing).count().orElse(7);
      expect((await total("muove.degraded", degraded)) - degradedBefore).toBe(1);
    });

    test("show how full a mailbox is now, and count what it refuses", async () => {
      const broker = await kind.start();
      const { passed, open } = gate();
      const service = openBus(broker, { service: "pricing" });
      service.serve(pricing, handlers({ ping: () => passed }), { concurrency: 1, backlog: 1 });
      await until("it is open", () => service.status.mailboxes.every(({ state }) => state === "open"));
      const refused = { "muove.address": "pricing.ping", "error.type": "overloaded" };
      const before = await total("muove.refused", refused);
      const caller = await connected(broker);
      const calls = [caller.to(pricing).ping()];
      await until("one is being handled", () => service.status.mailboxes[0]?.running === 1);
      calls.push(caller.to(pricing).ping(), caller.to(pricing).ping());
      await until("one is refused", () => service.status.counts.overloaded === 1);
      expect(await total("muove.mailbox.messages", { "muove.mailbox": "pricing", "muove.state": "running" })).toBe(1);
      expect(await total("muove.mailbox.messages", { "muove.mailbox": "pricing", "muove.state": "waiting" })).toBe(1);
      expect((await total("muove.refused", refused)) - before).toBe(1);
      open();
      await Promise.all(calls);
      await service.close();
      expect(await total("muove.mailbox.messages", { "muove.mailbox": "pricing" })).toBe(0);
    });
  });
});
