// The embedded broker and a real server in the same configuration.

import { type BrokerOptions, type PermissionRules, startBroker, type User } from "@muove/broker";
import { findNatsServer, startNatsServer } from "../support/nats-server.js";

export interface Side {
  readonly name: "embedded" | "nats-server";
  readonly port: number;
  lameDuck(): void;
  stop(): Promise<void>;
}

/** What is tested on both: `describe.skipIf(!run).each(sides)`. */
export interface SideStarter {
  readonly name: string;
  readonly run: boolean;
  start(options: BrokerOptions): Promise<Side>;
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

export async function startPair(options: BrokerOptions = {}): Promise<Pair> {
  const [embedded, real] = await Promise.all([startEmbedded(options), startReal(options)]);
  return {
    embedded,
    real,
    stop: async () => {
      await Promise.all([embedded.stop(), real.stop()]);
    },
  };
}

export async function startEmbedded(options: BrokerOptions): Promise<Side> {
  const broker = await startBroker({ ...options, port: 0 });
  return {
    name: "embedded",
    port: broker.port,
    lameDuck: () => void broker.lameDuck(),
    stop: () => broker.close(),
  };
}

export async function startReal(options: BrokerOptions): Promise<Side> {
  const server = await startNatsServer({ config: toConfig(options) });
  return {
    name: "nats-server",
    port: server.port,
    lameDuck: () => void process.kill(server.pid, "SIGUSR2"),
    stop: () => server.stop(),
  };
}

const names = {
  maxPayload: "max_payload",
  maxControlLine: "max_control_line",
  maxConnections: "max_connections",
  maxPending: "max_pending",
  maxPingsOut: "ping_max",
  pingInterval: "ping_interval",
  writeDeadline: "write_deadline",
  lameDuckDuration: "lame_duck_duration",
  lameDuckGracePeriod: "lame_duck_grace_period",
} as const;

const durations = new Set(["pingInterval", "writeDeadline", "lameDuckDuration", "lameDuckGracePeriod"]);

/** The same options as the text of nats-server's configuration file. */
function toConfig(options: BrokerOptions): string {
  const lines = Object.entries(names).flatMap(([name, theirs]) => {
    const value = options[name as keyof typeof names];
    return value === undefined ? [] : [`${theirs}: ${durations.has(name) ? `"${value}ms"` : value}`];
  });
  const authorization = toAuthorization(options);
  if (authorization !== undefined) lines.push(`authorization: ${JSON.stringify(authorization)}`);
  return `${lines.join("\n")}\n`;
}

function toAuthorization({ auth, authTimeout, permissions }: BrokerOptions): object | undefined {
  if (auth === undefined) return undefined;
  const timeout = authTimeout === undefined ? {} : { timeout: authTimeout / 1_000 };
  if ("token" in auth) return { ...timeout, token: auth.token };
  if ("user" in auth) return { ...timeout, user: auth.user, password: auth.pass };
  const standard = permissions === undefined ? {} : { default_permissions: toPermissions(permissions) };
  return { ...timeout, ...standard, users: auth.users.map(toUser) };
}

const toUser = ({ user, pass, permissions }: User): object => ({
  user,
  password: pass,
  ...(permissions && { permissions: toPermissions(permissions) }),
});

function toPermissions({ publish, subscribe, allowResponses }: PermissionRules): object {
  return {
    ...(publish && { publish }),
    ...(subscribe && { subscribe }),
    ...(allowResponses !== undefined && { allow_responses: toResponses(allowResponses) }),
  };
}

function toResponses(rules: NonNullable<PermissionRules["allowResponses"]>): boolean | object {
  if (typeof rules === "boolean") return rules;
  return {
    ...(rules.max !== undefined && { max: rules.max }),
    ...(rules.expires !== undefined && { expires: `${rules.expires}ms` }),
  };
}
