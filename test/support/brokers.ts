// The brokers that one suite runs on, whatever it tests: the embedded one, and the real nats-server where there is one.

import { startBroker } from "@muove/broker";
import { describe, onTestFinished } from "vitest";
import { findNatsServer, startNatsServer } from "./nats-server.js";

export interface Broker {
  readonly port: number;
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends it without a farewell to anybody. May be called again. */
  kill(): Promise<void>;
}

/** A user, by the same name and password, and what is denied to it. */
export interface User {
  readonly name: string;
  readonly denied?: { readonly publish?: readonly string[]; readonly subscribe?: readonly string[] };
}

export interface Setup {
  /** Default: any that is free. */
  readonly port?: number;
  readonly maxPayload?: number;
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
  async start({ port = 0, maxPayload, users } = {}) {
    const broker = await startBroker({
      port,
      ...(maxPayload !== undefined && { maxPayload }),
      ...(users && { auth: { users: users.map(embeddedUser) } }),
    });
    onTestFinished(() => broker.close());
    return { port: broker.port, url: broker.url, kill: () => broker.close() };
  },
};

function embeddedUser({ name, denied: { publish = [], subscribe = [] } = {} }: User) {
  return { user: name, pass: name, permissions: { publish: { deny: publish }, subscribe: { deny: subscribe } } };
}

const real: BrokerKind = {
  name: "[needs nats-server] nats-server",
  async start({ port, maxPayload, users } = {}) {
    const server = await startNatsServer({ ...(port !== undefined && { port }), config: configOf(maxPayload, users) });
    onTestFinished(() => server.kill());
    return { port: server.port, url: server.url, kill: () => server.kill() };
  },
};

function configOf(maxPayload: number | undefined, users: readonly User[] | undefined): string {
  const config = {
    ...(maxPayload !== undefined && { max_payload: maxPayload }),
    ...(users && { authorization: { users: users.map(realUser) } }),
  };
  return JSON.stringify(config); // which is nats-server's configuration language, too
}

function realUser({ name, denied: { publish = [], subscribe = [] } = {} }: User) {
  return {
    user: name,
    password: name,
    permissions: { publish: { allow: ">", deny: publish }, subscribe: { allow: ">", deny: subscribe } },
  };
}

/** Whether there is a nats-server to test with. */
export const natsServer = findNatsServer() !== undefined;

/** Describes what must hold on every broker; where there is no nats-server its run is skipped, and says so. */
export function onEveryBroker(suite: (kind: BrokerKind) => void): void {
  describe(embedded.name, () => suite(embedded));
  describe.skipIf(!natsServer)(real.name, () => suite(real));
}
