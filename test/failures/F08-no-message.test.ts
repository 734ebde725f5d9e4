import { eventually, type HostileMessage, hostileMessages, type Service } from "@muove/testkit";
import type { Msg, MsgHdrs, NatsConnection } from "@nats-io/transport-node";
import { createInbox } from "@nats-io/transport-node";
import { Unpackr } from "msgpackr";
import { call, connect, mailbox } from "muove";
import { expect } from "vitest";
import { z } from "zod";
import { plainClient, serviceError } from "../conformance/support/plain.js";
import { target } from "../services/target-contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { startService } from "./support/services.js";
import { countsOf } from "./support/worker.js";

const subject = "muove.target.price";
const goodInput = { sku: "tea", quantity: 2 };
/** Fewer than a mailbox takes at once, so that none is refused as overloaded. */
const batch = 250;

failure("F8", "invalid messages are rejected with issues, and the service lives unharmed", async (fault) => {
  const nats = await fault.nats();
  const service = await startService(fault, "target", nats);
  const client = await plainClient(nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const prices = bus.to(target);
  expect(await prices.price(goodInput)).toMatchObject({ status: "ok" });
  await answersTo(client, [{ kind: "wrong-types", payload: Buffer.from("[]") }]);
  const evaluations = await service.ask("evaluations"); // Those of Zod itself.

  let rejected = 1;
  for (let seed = 1; seed <= 8; seed++) {
    const hostile = [...hostileMessages(seed, batch)];
    for (const [i, answer] of (await answersTo(client, hostile)).entries()) {
      const { kind, payload } = hostile[i] as HostileMessage;
      const sent = `${kind}, seed ${seed}: ${Buffer.from(payload.subarray(0, 40)).toString("hex")}`;
      if (kind === "bad-headers") {
        expect(serviceError(answer).status ?? "", sent).toBe("");
        expect(read(answer), sent).toEqual({ cents: 10 });
      } else {
        expect(serviceError(answer), sent).toMatchObject({ status: "rejected", code: "400" });
        expect(serviceError(answer).error, sent).toMatch(/^target\.price: \S/);
        expect(read(answer), sent).toHaveProperty("issues.0.message", expect.stringMatching(/\S/));
        rejected++;
      }
    }
  }

  expect(await prices.price(goodInput)).toMatchObject({ status: "ok", value: { cents: 10 } });
  expect(await unharmed(service)).toEqual({ polluted: false, evaluations });
  expect(await countsOf(service)).toMatchObject({ rejected, crashed: 0, overloaded: 0 });
  fault.figure("hostile messages rejected", rejected, "messages");
});

failure("F8", "a caller whose contract allows more gets faulty/rejected, with the callee's issues", async (fault) => {
  const nats = await fault.nats();
  await startService(fault, "target", nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const loose = bus.to(mailbox("target", { price: call({ input: z.any(), output: z.any(), timeout: 5_000 }) }));

  const outcomes = await Promise.all([loose.price({ sku: 7, quantity: "two" }), loose.price([]), loose.price("tea")]);

  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: "faulty", reason: "rejected", delivered: "no" });
    expect(outcome).toHaveProperty("issues.0.message");
  }
  expect(outcomes[0]).toMatchObject({ issues: [{ path: ["sku"] }, { path: ["quantity"] }] });
});

failure(
  "F8",
  "a flood of hostile bytes to calls, casts and events without a reply subject does no harm",
  async (fault) => {
    const nats = await fault.nats();
    const service = await startService(fault, "target", nats);
    const count = 5_000;

    for (const message of ["price", "noted", "ping", "_event.told", "_cancel"]) {
      await fault.kit.garbage({ url: nats.url, subject: `muove.target.${message}`, count });
    }

    await eventually(async () => (await countsOf(service)).received >= 4 * count, { within: 20_000 });
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    await eventually(async () => (await bus.to(target).price(goodInput)).status === "ok");
    const told = await service.ask<number>("told");
    (await plainClient(nats)).publish("muove.target._event.told", '{"text":"good"}');
    await eventually(async () => (await service.ask<number>("told")) === told + 1);
    expect((await unharmed(service)).polluted).toBe(false);
  },
);

const unharmed = async (service: Service) => ({
  polluted: await service.ask("polluted"),
  evaluations: await service.ask("evaluations"),
});

/** Sends the messages, with their raw headers if they have any. Resolves to the answers in the same order. */
async function answersTo(client: NatsConnection, messages: readonly HostileMessage[]): Promise<Msg[]> {
  const inbox = createInbox();
  const answers: Msg[] = [];
  const subscription = client.subscribe(`${inbox}.*`, {
    callback(_, msg) {
      answers[Number(msg.subject.slice(inbox.length + 1))] = msg;
    },
  });
  for (const [i, { payload, headers }] of messages.entries()) {
    const encoded = headers && { headers: { encode: () => headers } as unknown as MsgHdrs };
    client.publish(subject, payload, { reply: `${inbox}.${i}`, ...encoded });
  }
  await eventually(() => messages.every((_, i) => answers[i] !== undefined), {
    what: "an answer to every message",
    within: 10_000,
  });
  subscription.unsubscribe();
  return answers;
}

const messagePack = new Unpackr({ useRecords: false });

function read({ data }: Msg): unknown {
  return (data[0] ?? 0) >= 0x80 ? messagePack.unpack(data) : JSON.parse(Buffer.from(data).toString());
}
