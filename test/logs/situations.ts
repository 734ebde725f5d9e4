// The situation that makes a bus log each line, by the message of the line.

import { type Broker, startBroker } from "@muove/broker";
import { type Bus, type ConnectOptions, type ContextOf, call, cast, connect, event, mailbox, supervised } from "muove";
import { onTestFinished, vi } from "vitest";
import { z } from "zod";
import { gate } from "../conformance/support/buses.js";
import { plainClient } from "../conformance/support/plain.js";
import { greeting, pong, type ScriptedServer, scriptedServer } from "../link/support/scripted-server.js";
import { keptLog, type LogLine } from "../support/log-lines.js";
import { RawClient } from "../support/raw-client.js";
import { until } from "../support/until.js";

export const shelf = mailbox("shelf", {
  level: call({ input: z.object({ sku: z.string() }), output: z.unknown(), timeout: 100 }),
  fill: cast({ input: z.string() }),
  keep: cast({ input: z.string(), whenUnreachable: { bufferFor: 60_000 } }),
  emptied: event({ input: z.string() }),
});

const letters = mailbox("letters", { post: cast({ input: z.string(), durable: true }) });

/** The trace of the messages in these situations. */
export const trace = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ids: { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331", trace_flags: "01" },
};

interface Sent {
  readonly timeout?: number;
  readonly reply?: string;
  /** Whether it says that it comes from Muove. Default: it does. */
  readonly anonymous?: boolean;
  /** Further lines. */
  readonly headers?: string;
}

type Level = (input: { sku: string }, ctx: ContextOf<typeof shelf, "level">) => unknown;

/** One bus whose log is kept, and the brokers and clients around it. */
export class Stage {
  readonly #kept = keptLog();
  readonly lines: readonly LogLine[] = this.#kept.lines;

  async broker(options: Parameters<typeof startBroker>[0] = {}): Promise<Broker> {
    const broker = await startBroker({ port: 0, ...options });
    onTestFinished(() => broker.close());
    return broker;
  }

  /** The bus whose log is kept. */
  bus(servers: string, options: Partial<ConnectOptions> = {}): Bus {
    const bus = connect({ service: "shelf", servers, logger: this.#kept.logger, ...options });
    onTestFinished(() => bus.close({ timeout: 1 }));
    return bus;
  }

  async up(servers: string, options: Partial<ConnectOptions> = {}): Promise<Bus> {
    const bus = this.bus(servers, options);
    await until("it is connected", () => bus.status.connection.state === "up");
    return bus;
  }

  /** The bus serves the shelf, with one slot and room for one more message. */
  async serving(broker: Broker, level: Level = () => 1): Promise<Bus> {
    const bus = await this.up(broker.url);
    bus.serve(shelf, { level: level as never, fill: () => {}, keep: () => {} }, { concurrency: 1, backlog: 1 });
    await until("it is open", () => bus.status.mailboxes[0]?.state === "open");
    return bus;
  }

  /** Sends a raw message as part of a trace. */
  async send({ port }: Broker, subject: string, payload: string, more: Sent = {}) {
    const client = await RawClient.open(port);
    onTestFinished(() => client.close());
    const timeout = more.timeout === undefined ? "" : `Muove-Timeout: ${more.timeout}\r\n`;
    const from = more.anonymous ? "" : "Muove-From: shop/1\r\n";
    const head = `NATS/1.0\r\n${from}traceparent: ${trace.traceparent}\r\n${timeout}${more.headers ?? ""}\r\n`;
    client.send('CONNECT {"headers":true,"verbose":false}\r\n');
    const sizes = `${head.length} ${head.length + payload.length}`;
    client.send(`HPUB ${subject} ${more.reply ?? "_INBOX.replies"} ${sizes}\r\n${head}${payload}\r\n`);
    await client.fence();
  }

  ask(broker: Broker, payload = '{"sku":"tea"}', more: Sent = {}): Promise<void> {
    return this.send(broker, "muove.shelf.level", payload, more);
  }
}

const forever = () => new Promise<never>(() => {});
const thrower = (error: unknown) => (): never => {
  throw error;
};
const unloggable = () =>
  new Proxy(new Error("hostile"), { get: thrower(new Error("no")), has: thrower(new Error("no")) });

const closedPort = "127.0.0.1:1";

/** A handler that calls an absent mailbox, with a fallback that fails. */
const asking: Level = async (_, ctx) => {
  const gone = mailbox("gone", { ask: call({ output: z.int() }) });
  return (
    await ctx
      .to(gone)
      .ask()
      .orElse(thrower(new Error("a fallback")))
  ).status;
};

const depot = mailbox("depot", { fetch: call({ output: z.object({ pieces: z.int() }) }) });
/** JSON cannot carry its answer. */
const dated = mailbox("dated", { when: call({ input: z.string(), output: z.date() }) });
/** After its output was renamed. */
const newDepot = mailbox("depot", { fetch: call({ output: z.object({ crates: z.int() }) }) });

/** A server that refuses each subscription to such subjects the first time, with that error. */
async function refusingOnce(subjects: RegExp, error: string): Promise<ScriptedServer> {
  const refused = new Set<string>();
  return await scriptedServer(
    (socket) => socket.write(greeting()),
    (socket, line) => {
      pong(socket, line);
      if (!line.startsWith("SUB ") || !subjects.test(line) || refused.has(line)) return;
      refused.add(line);
      socket.write(`-ERR '${error}'\r\n`);
    },
  );
}

/** What a handler does when its connection is gone. */
async function cutOff(stage: Stage, then: Level): Promise<Broker> {
  const broker = await stage.broker();
  const done = gate();
  await stage.serving(broker, async (input, ctx) => {
    await broker.close();
    await until("it is cut off", () => stage.lines.some(({ msg }) => msg.startsWith("lost")));
    then(input, ctx);
    done.open();
  });
  void stage.ask(broker, '{"sku":"tea"}', { timeout: 60_000 });
  await done.passed;
  return broker;
}

async function hangThenAnswer(stage: Stage): Promise<void> {
  const broker = await stage.broker();
  const caller = await stage.up(broker.url);
  const hung = connect({ service: "hung", servers: broker.url, logger: false });
  let hangs = true;
  hung.serve(shelf, { level: () => (hangs ? forever() : 1), fill: () => {}, keep: () => {} });
  onTestFinished(() => hung.close({ timeout: 1 }));
  await until("it is open", () => hung.status.mailboxes[0]?.state === "open");
  const ask = () => caller.to(shelf).level({ sku: "tea" });
  const spared = async (): Promise<boolean> => {
    const outcome = await ask();
    return outcome.status === "unavailable" && outcome.reason === "circuit-open";
  };
  await until("the circuit is open", spared);
  hangs = false;
  await until("it answers again", async () => (await ask()).status === "ok");
}

/** Raises what `supervised()` listens to, with the process kept from ending. */
async function raised(stage: Stage, name: string, before?: () => unknown): Promise<void> {
  const exit = vi.spyOn(process, "exit").mockImplementation((() => undefined) as never);
  const names = ["SIGTERM", "SIGINT", "uncaughtException", "unhandledRejection"];
  const others = new Map(names.map((each) => [each, process.rawListeners(each as "SIGTERM")]));
  const own = (each: string) =>
    process.rawListeners(each as "SIGTERM").filter((one) => !others.get(each)?.includes(one));
  onTestFinished(() => {
    for (const each of names) for (const listener of own(each)) process.off(each, listener as () => void);
    exit.mockRestore();
  });
  supervised(stage.bus(closedPort), { before });
  for (const listener of own(name)) (listener as (error: Error) => void)(new Error("nobody caught it"));
  await until("the process would have ended", () => exit.mock.calls.length > 0);
}

export const situations: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  "connected to NATS": async (stage) => stage.up((await stage.broker()).url),

  "cannot connect to NATS; running without it, and retrying": async (stage) => stage.bus(closedPort),

  "cannot connect to another NATS server yet; retrying": async (stage) => {
    const broker = await stage.broker();
    await stage.up(broker.url);
    void broker.lameDuck();
  },

  "NATS refused the credentials, or they are not available; retrying": async (stage) => {
    const broker = await stage.broker({ auth: { users: [{ user: "a", pass: "b" }] } });
    stage.bus(broker.url);
  },

  "TLS is not verified (insecureSkipVerify): whoever is on the way to NATS can read and change everything": async (
    stage,
  ) => stage.bus(closedPort, { tls: { insecureSkipVerify: true } }),

  "lost the connection to NATS; reconnecting": async (stage) => {
    const broker = await stage.broker();
    await stage.up(broker.url);
    await broker.close();
  },

  "the NATS server is shutting down; moving to another one": async (stage) => {
    const broker = await stage.broker();
    await stage.up(broker.url);
    void broker.lameDuck();
  },

  "NATS permissions refuse a subject": async (stage) => {
    const permissions = { publish: { deny: ["muove.>"] } };
    const broker = await stage.broker({ auth: { users: [{ user: "a", pass: "a", permissions }] } });
    const bus = await stage.up(broker.url.replace("//", "//a:a@"));
    await bus.to(shelf).level({ sku: "tea" });
  },

  "NATS refuses a subscription: this connection has as many as it may have": async (stage) => {
    const server = await refusingOnce(/muove\.shelf\.level/, "maximum subscriptions exceeded");
    const bus = await stage.up(server.url);
    bus.serve(shelf, { level: () => 1, fill: () => {}, keep: () => {} });
  },

  "NATS takes a subscription that it had refused": async (stage) => {
    const server = await refusingOnce(/muove\.shelf\.level/, "maximum subscriptions exceeded");
    const bus = await stage.up(server.url);
    bus.serve(shelf, { level: () => 1, fill: () => {}, keep: () => {} });
  },

  "NATS refuses $SRV subjects: tools of the NATS service API do not see all of this service": async (stage) => {
    const permissions = { subscribe: { deny: ["$SRV.>"] } };
    const broker = await stage.broker({ auth: { users: [{ user: "a", pass: "a", permissions }] } });
    const bus = await stage.up(broker.url.replace("//", "//a:a@"));
    bus.serve(shelf, { level: () => 1, fill: () => {}, keep: () => {} });
  },

  "NATS takes the $SRV subjects again: tools of the NATS service API see all of this service": async (stage) => {
    const server = await refusingOnce(/\$SRV/, 'Permissions Violation for Subscription to "$SRV"');
    const bus = await stage.up(server.url);
    bus.serve(shelf, { level: () => 1, fill: () => {}, keep: () => {} });
  },

  "failed to receive a message": async (stage) => {
    const server = await scriptedServer((socket) => void socket.write(greeting()));
    await stage.up(server.url);
    server.sockets[0]?.write("-ERR 'something odd'\r\n");
  },

  "a call got no answer": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, asking);
    await stage.ask(broker);
  },

  "a call failed because the contracts of both sides differ; compare their versions": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, async (_, ctx) => (await ctx.to(depot).fetch()).status);
    const other = connect({ service: "other", servers: broker.url, logger: false });
    onTestFinished(() => other.close({ timeout: 1 }));
    other.serve(newDepot, { fetch: () => ({ crates: 1 }) });
    await other.connected();
    await stage.ask(broker);
  },

  "a call was refused by a step of the other side": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, async (_, ctx) => (await ctx.to(depot).fetch()).status);
    const other = connect({ service: "other", servers: broker.url, logger: false });
    onTestFinished(() => other.close({ timeout: 1 }));
    other.use({ handle: (ctx) => ctx.refuse("not for you") });
    other.serve(newDepot, { fetch: () => ({ crates: 1 }) });
    await other.connected();
    await stage.ask(broker);
  },

  "calls are answered again": async (stage) => {
    const broker = await stage.broker();
    const bus = await stage.up(broker.url);
    await bus.to(shelf).level({ sku: "tea" });
    const other = connect({ service: "other", servers: broker.url, logger: false });
    onTestFinished(() => other.close({ timeout: 1 }));
    other.serve(shelf, { level: () => 1, fill: () => {}, keep: () => {} });
    await until("it is answered", async () => (await bus.to(shelf).level({ sku: "tea" })).status === "ok");
  },

  "circuit opened: calls to it keep timing out": hangThenAnswer,
  "circuit closed: it answers again": hangThenAnswer,

  "a fallback failed": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, asking);
    await stage.ask(broker);
  },

  "a cast reached nobody": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, (_, ctx) => {
      ctx.to(mailbox("gone", { take: cast() })).take();
      return 1;
    });
    await stage.ask(broker);
  },

  "a durable cast is not known to be stored": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, async (_, ctx) => (await ctx.to(letters).post("x")).status);
    await stage.ask(broker, '{"sku":"tea"}', { timeout: 60_000 });
  },

  "letters cannot be kept": async (stage) => {
    const broker = await stage.broker(); // It has no JetStream.
    (await stage.up(broker.url)).serve(letters, { post: () => {} });
  },

  "an event reached nobody": (stage) => cutOff(stage, (_, ctx) => ctx.publish.emptied("tea")),

  "a buffered cast exceeds the server's max_payload": async (stage) => {
    const { port } = await cutOff(stage, (_, ctx) => ctx.to(shelf).keep("x".repeat(2_000)));
    await until("its port is free", () => stage.lines.some(({ msg }) => msg.startsWith("cannot connect")));
    await stage.broker({ port, maxPayload: 1_024 });
  },

  "rejected a message that breaks the contract": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker);
    await stage.ask(broker, '{"sku":1}');
  },

  "rejected a message of a client without Muove that breaks the contract": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker);
    await stage.ask(broker, '{"sku":1}', { anonymous: true });
  },

  "rejected a call in JSON, which cannot carry every answer to it; send MessagePack": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker);
    const bus = await stage.up(broker.url);
    bus.serve(dated, { when: () => new Date() });
    await until("it is open", () => bus.status.mailboxes.every(({ state }) => state === "open"));
    await stage.send(broker, "muove.dated.when", '"tea"', { reply: "_INBOX.a" });
  },

  "a step refused a message": async (stage) => {
    const broker = await stage.broker();
    const bus = await stage.serving(broker);
    bus.use({ handle: (ctx) => ctx.refuse("not with me") });
    await stage.ask(broker, '{"sku":"tea"}');
  },

  "a step threw after a message was sent": async (stage) => {
    const bus = stage.bus("nats://127.0.0.1:1");
    const settled = (): never => {
      throw new Error("on purpose");
    };
    bus.use({ send: () => ({ settled }) });
    bus.to(shelf).fill("tea");
  },

  "rejected an unknown message": async (stage) => {
    const broker = await stage.broker();
    const bus = await stage.serving(broker);
    await stage.send(broker, `muove.shelf._i.${bus.status.instance}.burn`, "");
  },

  "a caller cannot read replies because the contracts of both sides differ; compare their versions": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker);
    await stage.ask(broker, '{"sku":"tea"}', { headers: "Muove-Invalid-Reply: pieces\r\n" });
  },

  "overloaded: refused a call": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, forever);
    for (let n = 0; n < 3; n++) await stage.ask(broker, '{"sku":"tea"}', { timeout: 5_000 });
  },

  "overloaded: dropped a message": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, forever);
    for (let n = 0; n < 2; n++) await stage.ask(broker, '{"sku":"tea"}', { timeout: 5_000 });
    await stage.send(broker, "muove.shelf.fill", '"tea"');
  },

  "expired: a message arrived after its deadline": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker);
    await stage.ask(broker, '{"sku":"tea"}', { timeout: 0 });
  },

  "a handler exceeded its deadline and lost its slot; it is still running": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, forever);
    await stage.ask(broker);
  },

  "a handler threw": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, thrower(new Error("boom")));
    await stage.ask(broker);
  },

  "a handler threw a value that cannot be logged": async (stage) => {
    const broker = await stage.broker();
    await stage.serving(broker, thrower(unloggable()));
    await stage.ask(broker);
  },

  "a handler made a failure after it had answered": async (stage) => {
    const broker = await stage.broker();
    const late: Level = (_, ctx) => void setImmediate(() => ctx.fail("LATE" as never, undefined as never));
    await stage.serving(broker, late);
    await stage.ask(broker);
  },

  "a reply exceeds the server's max_payload": async (stage) => {
    const broker = await stage.broker({ maxPayload: 1_024 });
    await stage.serving(broker, () => "x".repeat(2_000));
    await stage.ask(broker);
  },

  "too many instances serve a mailbox; the bus ignores those above the limit": async (stage) => {
    const broker = await stage.broker();
    const client = await plainClient(broker);
    const card = { service: "shelf", version: "1.0.0", tags: {}, since: 0, degraded: false };
    // Made in advance, as a round of questions takes answers for one second only.
    const cards = Array.from({ length: 4_096 }, (_, n) => Buffer.from(JSON.stringify({ instance: `${n}`, ...card })));
    client.subscribe("muove.shelf._all._watch", {
      callback(_, msg) {
        for (const each of cards) msg.respond(each);
      },
    });
    await client.flush();
    const monitor = (await stage.up(broker.url)).monitor(shelf);
    onTestFinished(() => monitor.stop());
    await until("all are known", () => monitor.instances.length === 4_096, 50_000); // In several rounds, on a busy machine.
    const beat = { type: "beat", instance: "4096", degraded: false };
    client.publish("muove-presence.shelf.shelf.4096", JSON.stringify(beat));
  },

  "refused a request whose reply subject is not an inbox; list other clients' inbox prefixes in replyPrefixes": async (
    stage,
  ) => {
    const broker = await stage.broker();
    await stage.serving(broker);
    await stage.send(broker, "muove.shelf.level", '{"sku":"tea"}', { reply: "muove.shelf.fill" });
  },

  "an answer was not sent: it exceeds the server's max_payload": async (stage) => {
    const broker = await stage.broker({ maxPayload: 180 });
    const { instance } = (await stage.serving(broker)).status;
    // The refusal names the unknown message, whose name does not fit.
    await stage.send(broker, `muove.shelf._i.${instance}.${"x".repeat(250)}`, "", { timeout: 1_000 });
  },

  "a listener threw": async (stage) => {
    const broker = await stage.broker();
    stage.bus(broker.url).on("connected", thrower(new Error("a listener")));
  },

  draining: async (stage) => stage.bus(closedPort).close(),
  closed: async (stage) => stage.bus(closedPort).close(),

  "closing before all handlers have finished": async (stage) => {
    const broker = await stage.broker();
    const bus = await stage.serving(broker, forever);
    await stage.ask(broker, '{"sku":"tea"}', { timeout: 60_000 });
    await until("its handler runs", () => bus.status.mailboxes[0]?.running === 1);
    await bus.close({ timeout: 1 });
  },

  "received a signal; shutting down": (stage) => raised(stage, "SIGTERM"),

  "the before hook took too long; draining": (stage) => raised(stage, "SIGTERM", forever),

  "the before hook failed; draining": (stage) => raised(stage, "SIGTERM", thrower(new Error("it did not close"))),

  "uncaught error; exiting, so that the supervisor restarts the process": (stage) => raised(stage, "uncaughtException"),
};
