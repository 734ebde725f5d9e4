// The brokers that a suite runs on: the embedded one, and nats-server where there is one.

import { startBroker } from "@muove/broker";
import type { NatsConfig } from "@muove/testkit";
import { describe, onTestFinished } from "vitest";
import { makeKit } from "./kit.js";
import { natsServer } from "./nats-server.js";

export interface Broker {
  readonly port: number;
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends it abruptly. May be called again. */
  kill(): Promise<unknown>;
}

/** A user whose password is its name, and what is denied to it. */
export interface User {
  readonly name: string;
  readonly denied?: { readonly publish?: readonly string[]; readonly subscribe?: readonly string[] };
}

export interface Setup extends NatsConfig {
  /** Default: a free port. */
  readonly port?: number;
  /** Default: everybody may do everything. */
  readonly users?: readonly User[];
}

export interface BrokerKind {
  readonly name: string;
  /** Starts a broker that ends after the test. */
  start(setup?: Setup): Promise<Broker>;
}

const embedded: BrokerKind = {
  name: "the embedded broker",
  async start({ port = 0, ...setup } = {}) {
    const broker = await startBroker({ port, ...configOf(setup) });
    onTestFinished(() => broker.close());
    return { port: broker.port, url: broker.url, kill: () => broker.close() };
  },
};

const real: BrokerKind = {
  name: "[needs nats-server] nats-server",
  async start({ port, ...setup } = {}) {
    return await makeKit().nats({
      on: "nats-server",
      config: configOf(setup),
      ...(port !== undefined && { port }),
    });
  },
};

function configOf({ users, ...config }: Omit<Setup, "port">): NatsConfig {
  return users === undefined ? config : { ...config, auth: { users: users.map(authOf) } };
}

function authOf({ name, denied: { publish = [], subscribe = [] } = {} }: User) {
  return { user: name, pass: name, permissions: { publish: { deny: publish }, subscribe: { deny: subscribe } } };
}

/** Describes a suite that runs on each broker. Without a nats-server that part is skipped, and its title says why. */
export function describeOnEachBroker(suite: (kind: BrokerKind) => void): void {
  describe(embedded.name, () => suite(embedded));
  describe.skipIf(!natsServer)(real.name, () => suite(real));
}
