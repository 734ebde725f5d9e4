// The official JetStream client: `publish()` and `consume()`, with JSON, on a work-queue stream on disk.
import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { concurrency } from "../dist/letters/contender.js";

const [stream, subject] = ["LETTERS", "bench.letters"];

/** @param {import("@nats-io/transport-node").NatsConnection} connection */
async function makeStream(connection) {
  const manager = await jetstreamManager(connection);
  const limits = { retention: RetentionPolicy.Workqueue, storage: StorageType.File, max_bytes: 512 * 1_048_576 };
  await manager.streams.add({ name: stream, subjects: [subject], ...limits });
  return manager;
}

/** @type {import("../src/letters/contender.js").LetterContender} */
export const contender = {
  async handle(url) {
    const connection = await connect({ servers: url });
    const manager = await makeStream(connection);
    await manager.consumers.add(stream, {
      durable_name: "post",
      ack_policy: AckPolicy.Explicit,
      max_ack_pending: 20_000,
    });
    const consumer = await jetstream(connection).consumers.get(stream, "post");
    const tally = { count: 0, sum: 0 };
    await consumer.consume({
      max_messages: 2 * concurrency,
      callback: (msg) => {
        tally.count++;
        tally.sum += msg.json().number;
        msg.ack();
      },
    });
    return () => tally;
  },

  async connect(url) {
    const connection = await connect({ servers: url });
    await makeStream(connection);
    const js = jetstream(connection);
    return async (letter) => (await js.publish(subject, JSON.stringify(letter))).stream === stream;
  },
};
