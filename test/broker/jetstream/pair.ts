// The embedded broker and a nats-server, both with JetStream.

import { startBroker } from "@muove/broker";
import { testkit } from "@muove/testkit";

export interface JetStreamPair {
  /** Their ports. */
  readonly embedded: number;
  readonly real: number;
  stop(): Promise<void>;
}

export async function startJetStreamPair(): Promise<JetStreamPair> {
  const kit = testkit();
  const [broker, nats] = await Promise.all([
    startBroker({ port: 0, jetStream: true }),
    kit.nats({ on: "nats-server", jetStream: true }),
  ]);
  return {
    embedded: broker.port,
    real: nats.port,
    stop: async () => {
      await Promise.all([broker.close(), kit.close()]);
    },
  };
}
