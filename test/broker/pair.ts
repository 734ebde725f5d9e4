// The embedded broker and a nats-server with the same configuration.

import { startBroker } from "@muove/broker";
import { findNatsServer, type NatsConfig, testkit } from "@muove/testkit";

export interface Side {
  readonly name: "embedded" | "nats-server";
  readonly port: number;
  lameDuck(): void;
  stop(): Promise<void>;
}

/** One of the brokers that a test runs on; skipped unless `run`. */
export interface SideStarter {
  readonly name: string;
  readonly run: boolean;
  start(options: NatsConfig): Promise<Side>;
}

export const sides: readonly SideStarter[] = [
  { name: "the embedded broker", run: true, start: (options) => startEmbedded(options) },
  {
    name: "[needs nats-server] nats-server",
    run: findNatsServer() !== undefined,
    start: (options) => startReal(options),
  },
];

export interface Pair {
  readonly embedded: Side;
  readonly real: Side;
  stop(): Promise<void>;
}

export async function startPair(options: NatsConfig = {}): Promise<Pair> {
  const [embedded, real] = await Promise.all([startEmbedded(options), startReal(options)]);
  return {
    embedded,
    real,
    stop: async () => {
      await Promise.all([embedded.stop(), real.stop()]);
    },
  };
}

export async function startEmbedded(options: NatsConfig): Promise<Side> {
  const broker = await startBroker({ ...options, port: 0 });
  return {
    name: "embedded",
    port: broker.port,
    lameDuck: () => void broker.lameDuck(),
    stop: () => broker.close(),
  };
}

export async function startReal(config: NatsConfig): Promise<Side> {
  const kit = testkit();
  const nats = await kit.nats({ on: "nats-server", config });
  return {
    name: "nats-server",
    port: nats.port,
    lameDuck: () => void nats.lameDuck(),
    stop: () => kit.close(),
  };
}
