import type { MsgHdrs, NatsConnection } from "@nats-io/transport-node";
import fc from "fast-check";
import { type Bus, connect } from "muove";
import { expect } from "vitest";
import { plainClient } from "../conformance/support/plain.js";
import { target } from "../services/target-contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { randomMessages } from "./support/random-messages.js";
import { startService } from "./support/services.js";
import { countsOf } from "./support/worker.js";

const count = 100_000;
/** Fewer than a mailbox takes at once, so that hardly any is refused as overloaded. */
const batch = 500;
const megabyte = 1_048_576;
const good = { sku: "tea", quantity: 2 };

failure(
  "F18",
  "a service survives a hundred thousand random messages, its memory is flat, and good calls are answered",
  async (fault) => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    process.stdout.write(`F18 on ${fault.on}: SEED=${seed}\n`);
    const nats = await fault.nats();
    const service = await startService(fault, "target", nats);
    const client = await plainClient(nats);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);

    await send(client, bus, seed + 1, count / 5); // Warm, so that compiled code and pools do not count as growth.
    const before = await service.ask<number>("memory");
    await send(client, bus, seed, count);

    const growth = ((await service.ask<number>("memory")) - before) / megabyte;
    fault.figure("growth of the heap by 100,000 random messages", growth, "MB");
    expect(growth).toBeLessThan(4);
    const { received, rejected, crashed, overloaded } = await countsOf(service);
    fault.figure("rejected, of those received", rejected, "messages");
    expect(received).toBeGreaterThan(count / 2);
    expect(rejected).toBeGreaterThan(count / 4);
    expect(crashed).toBeGreaterThan(0); // Some were valid, and reached the handler that throws.
    expect(overloaded).toBeLessThan(count / 100);
    expect(await service.ask("polluted")).toBe(false);
    expect(await bus.to(target).price(good)).toMatchObject({ status: "ok", value: { cents: 10 } });
    expect(await service.ask("health")).toMatchObject({ live: true, ready: true, degraded: false });
  },
  180_000,
);

/** Sends random messages, and after each batch makes a good call. */
async function send(client: NatsConnection, bus: Bus, seed: number, messages: number): Promise<void> {
  const own = Object.entries(target.messages).map(([name, { kind }]) => (kind === "event" ? `_event.${name}` : name));
  const arbitrary = randomMessages("target", [...own, "_cancel"]);
  for (let sent = 0; sent < messages; sent += batch) {
    for (const { subject, reply, payload, headers } of fc.sample(arbitrary, { seed: seed + sent, numRuns: batch })) {
      client.publish(subject, payload, {
        ...(reply === "" ? {} : { reply }),
        ...(headers && { headers: { encode: () => headers } as unknown as MsgHdrs }),
      });
    }
    await client.flush();
    // On a busy machine the call may be refused as overloaded until the batch is done.
    expect(await bus.to(target).price(good, { retries: 3 })).toMatchObject({ status: "ok", value: { cents: 10 } });
  }
}
