import { startBroker } from "@muove/broker";
import { onTestFinished } from "vitest";
import { natsServer, startNatsServer } from "./nats-server.js";

export interface Running {
  readonly port: number;
  readonly url: string;
  kill(): Promise<void>;
}

export interface Kind {
  readonly name: string;
  readonly missing: boolean;
  start(setup?: Setup): Promise<Running>;
}

export interface Setup {
  readonly port?: number;
  readonly token?: string;
  /** Subjects denied to all users. */
  readonly deny?: { readonly publish: string; readonly subscribe: string };
}

const embedded: Kind = {
  name: "the embedded broker",
  missing: false,
  async start({ port = 0, token, deny } = {}) {
    const broker = await startBroker({
      port,
      ...(token && { auth: { token } }),
      ...(deny && { permissions: { publish: { deny: [deny.publish] }, subscribe: { deny: [deny.subscribe] } } }),
    });
    onTestFinished(() => broker.close());
    return { port: broker.port, url: `127.0.0.1:${broker.port}`, kill: () => broker.close() };
  },
};

const real: Kind = {
  name: "[needs nats-server] nats-server",
  missing: !natsServer,
  start({ port, token, deny } = {}) {
    const permissions = deny && `{ publish: { deny: "${deny.publish}" }, subscribe: { deny: "${deny.subscribe}" } }`;
    const authorization = [token && `token: "${token}"`, permissions && `default_permissions: ${permissions}`];
    const lines = authorization.filter(Boolean);
    // Default permissions apply only if there are users.
    if (permissions) lines.push('users: [{ user: "test", password: "test" }]');
    const config = lines.length > 0 ? `authorization { ${lines.join("\n")} }` : "";
    const open = permissions ? `${config}\nno_auth_user: test` : config;
    return startNatsServer(open, port);
  },
};

/** The brokers that the link is tested on. */
export const brokers: readonly Kind[] = [embedded, real];
