// The brokers that one suite runs on, whatever it tests: the embedded one, and the real nats-server where there is one.

import { startBroker } from "@muove/broker";
import type { NatsConfig } from "@muove/testkit";
import { describe, onTestFinished } from "vitest";
import { makeKit } from "./kit.js";
import { natsServer } from "./nats-server.js";

export interface Broker {
  readonly port: number;
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends it without a farewell to anybody. May be called again. */
  kill(): Promise<unknown>;
}

/** A user, by the same name and password, and what is denied to it. */
export interface User {
  readonly name: string;
  readonly denied?: { readonly publish?: readonly string[]; readonly subscribe?: readonly string[] };
}

export interface Setup extends NatsConfig {
  /** Default: any that is free. */
  readonly port?: number;
  /** Default: everybody may do everything. */
  readonly users?: readonly User[];
}

export interface BrokerKind {
  readonly name: string;
  /** Starts one that ends with the test at the latest. */
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

/** Describes what must hold on every broker; where there is no nats-server its run is skipped, and says so. */
export function onEveryBroker(suite: (kind: BrokerKind) => void): void {
  describe(embedded.name, () => suite(embedded));
  describe.skipIf(!natsServer)(real.name, () => suite(real));
}
