import type { Nats } from "@muove/testkit";
import { type Bus, connect } from "muove";
import { expect } from "vitest";
import { after, before } from "../services/versions-contract.js";
import { connected } from "./support/bus.js";
import { type Fault, failure } from "./support/failure.js";
import { startService } from "./support/services.js";
import { statusOf } from "./support/worker.js";

const many = 30;

failure("F20", "a message that both versions know works with either instance, whoever calls", async (fault) => {
  const nats = await fault.nats();
  await Promise.all([instance(fault, nats, "before"), instance(fault, nats, "after")]);
  await using bus = await caller(nats);
  const by = new Set<string | undefined>();

  for (let i = 0; i < many; i++) {
    expect(await bus.to(before).place({ sku: "tea" })).toMatchObject({ status: "ok", value: { id: "tea" } });
    const outcome = await bus.to(after).place({ sku: "tea", note: "gift" });
    expect(outcome).toMatchObject({ status: "ok", value: { id: "tea" } });
    if (outcome.status === "ok") by.add(outcome.value.by);
  }

  expect(by).toEqual(new Set([undefined, "gift"])); // Both instances answered.
});

failure(
  "F20",
  "a message that only one version knows reaches its instances, and is absent without them",
  async (fault) => {
    const nats = await fault.nats();
    const old = await instance(fault, nats, "before");
    await using bus = await caller(nats);
    expect(await bus.to(after).track({ id: "1" })).toMatchObject({ reason: "absent", delivered: "no" });

    await instance(fault, nats, "after");
    for (let i = 0; i < many; i++) {
      expect(await bus.to(after).track({ id: "1" })).toMatchObject({ status: "ok", value: "1" });
      expect(await bus.to(before).fax()).toMatchObject({ status: "ok", value: "sent" });
    }

    await old.terminate();
    expect(await bus.to(before).fax()).toMatchObject({ reason: "absent", delivered: "no" });
  },
);

failure("F20", "an input that the other version forbids is rejected, and fallbacks answer", async (fault) => {
  const nats = await fault.nats();
  await instance(fault, nats, "before");
  await using bus = await caller(nats);

  const outcome = await bus.to(after).total({ euros: "3" });
  expect(outcome).toMatchObject({
    status: "faulty",
    reason: "rejected",
    delivered: "no",
    issues: [{ path: ["cents"] }],
  });

  const answer = await bus.to(after).total({ euros: "3" }).orElse({ cents: 1 });
  expect(answer).toMatchObject({ status: "degraded", reason: "rejected", value: { cents: 1 } });
});

failure("F20", "an answer that our version forbids is invalid-reply, and fallbacks answer", async (fault) => {
  const nats = await fault.nats();
  await instance(fault, nats, "after");
  await using bus = await caller(nats);

  const outcome = await bus.to(before).count();
  expect(outcome).toMatchObject({ reason: "invalid-reply", delivered: "yes", issues: [{ path: ["orders"] }] });

  const answer = await bus.to(before).count().orElse({ orders: 0 });
  expect(answer).toMatchObject({ status: "degraded", reason: "invalid-reply", value: { orders: 0 } });
});

failure(
  "F20",
  "a message that the addressed instance does not know is unknown-message, and fallbacks answer",
  async (fault) => {
    const nats = await fault.nats();
    const old = await instance(fault, nats, "before");
    await using bus = await caller(nats);
    const there = bus.to(after, { instance: (await statusOf(old)).instance });

    const outcome = await there.track({ id: "1" });
    expect(outcome).toMatchObject({ status: "faulty", reason: "unknown-message", delivered: "no" });

    const answer = await there.track({ id: "1" }).orElse("unknown");
    expect(answer).toMatchObject({ status: "degraded", reason: "unknown-message", value: "unknown" });
  },
);

const instance = (fault: Fault, nats: Nats, version: string) =>
  startService(fault, "orders", nats, { VERSION: version });

async function caller({ url }: Nats): Promise<Bus> {
  const bus = connect({ service: "caller", servers: url, logger: false });
  await connected(bus);
  return bus;
}
