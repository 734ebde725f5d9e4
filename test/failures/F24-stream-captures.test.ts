import type { Nats } from "@muove/testkit";
import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { plainClient } from "../conformance/support/plain.js";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { type Fault, failure } from "./support/failure.js";
import { startWorker } from "./support/worker.js";

for (const encoding of ["msgpack", "json"] as const) {
  failure("F24", `calls in ${encoding} work while a stream captures them`, async (fault) => {
    const nats = await captured(fault);
    await startWorker(fault, nats);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false, encoding });
    await connected(bus);
    const { echo, record, crash, note } = bus.to(worker);

    for (let i = 0; i < 50; i++) {
      const text = `call ${i}`;
      // The stream acknowledges each before the worker answers.
      expect(await echo({ text }, { timeout: 5_000 })).toMatchObject({ status: "ok", value: { text } });
      expect(await record({ text }, { timeout: 5_000 })).toMatchObject({ status: "ok", value: undefined });
    }
    expect(await crash({ how: "throws" }, { timeout: 5_000 })).toMatchObject({ status: "faulty", reason: "crashed" });
    note({ text: "a cast" });

    await eventually(() => bus.status.pending === 0);
    const { streamAcknowledgements, strayReplies, deadLetters } = bus.status.counts;
    expect(streamAcknowledgements + strayReplies).toBeGreaterThanOrEqual(101); // The acknowledgements did come.
    expect(deadLetters).toBe(0);
    fault.figure(`acknowledgements ignored, in ${encoding}`, streamAcknowledgements + strayReplies, "messages");
  });
}

for (const [which, more, acknowledges] of [
  ["such a stream", {}, true],
  ["a stream with no_ack", { no_ack: true }, false],
] as const) {
  // As the guide says: a stream listens, so the server does not report no responders.
  failure("F24", `with ${which}, calls to an absent mailbox time out, and casts are no dead letters`, async (fault) => {
    const nats = await captured(fault, more);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);

    expect(await bus.to(worker).echo({ text: "a" })).toMatchObject({ reason: "timeout", delivered: "maybe" });
    bus.to(worker).note({ text: "a" });
    await eventually(() => bus.status.pending === 0);
    const { streamAcknowledgements, strayReplies, deadLetters } = bus.status.counts;
    expect(deadLetters).toBe(0);
    expect(streamAcknowledgements + strayReplies > 0).toBe(acknowledges);
  });
}

/** A server with a stream that captures all messages to mailboxes. */
async function captured(fault: Fault, more: object = {}): Promise<Nats> {
  const nats = await fault.nats({ jetStream: true });
  const client = await plainClient(nats);
  const config = { name: "AUDIT", subjects: ["muove.>"], storage: "memory", retention: "limits", ...more };
  const created = await client.request("$JS.API.STREAM.CREATE.AUDIT", JSON.stringify(config), { timeout: 10_000 });
  expect(created.json()).toMatchObject({ config: { subjects: ["muove.>"] } });
  return nats;
}
