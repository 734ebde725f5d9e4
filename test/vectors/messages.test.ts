import { readFileSync } from "node:fs";
import { type Broker, startBroker } from "@muove/broker";
import { type Address, type Bus, type ConnectOptions, call, cast, connect, event, type Handlers, mailbox } from "muove";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { until } from "../support/until.js";
import {
  type Bytes,
  hexOf,
  listening,
  type Masks,
  masked,
  masksFor,
  messageIn,
  type Named,
  partsOf,
  publish,
} from "./wire.js";

// docs/protocol.md describes these vectors and their mailboxes.

const pricing = mailbox("pricing", {
  quote: call({
    input: z.object({ sku: z.string(), quantity: z.int().positive() }),
    output: z.object({ cents: z.int() }),
    errors: { NOT_SOLD: z.object({ since: z.int() }), CLOSED: z.undefined() },
  }),
  describe: call({ input: z.string(), output: z.string() }),
  answer: call({ output: z.int() }),
  ping: call(),
  repriced: cast({ input: z.object({ sku: z.string(), cents: z.int() }) }),
  changed: event({ input: z.object({ sku: z.string(), cents: z.int() }) }),
});
type Change = { sku: string; cents: number };
const busy = mailbox("busy", { wait: call() });
const guarded = mailbox("guarded", { ping: call({ output: z.string() }) });
/** What guarded's service makes of metadata, and senders of metadata. */
const meta = z.object({ tenant: z.string().min(1, "name the tenant"), level: z.coerce.number().optional() });

interface Request extends Named, Bytes {
  readonly kind: "request";
  readonly bus: ConnectOptions;
  /** Default: any instance. */
  readonly to?: Address;
  readonly everyone?: boolean;
  readonly meta?: Partial<z.output<typeof meta>>;
  readonly call?: {
    message: "quote" | "ping";
    input?: unknown;
    timeout: number;
    abort?: boolean;
    cancellable?: boolean;
  };
  readonly cast?: { message: "repriced"; input: Change };
  readonly publish?: { event: "changed"; input: Change };
  /** The reply to an earlier call. */
  readonly after?: Bytes;
  readonly subject: string;
  readonly reply: string;
}

interface Exchange extends Named {
  readonly kind: "exchange";
  readonly request: Bytes & { readonly subject: string };
  readonly reply: Bytes;
}

interface Reading extends Named {
  readonly kind: "outcome";
  readonly reply: Bytes;
  readonly then?: Bytes;
  readonly outcome: object;
}

interface Hearing extends Named {
  readonly kind: "event";
  readonly event: Bytes;
  readonly input?: unknown;
}

interface Sign extends Named {
  readonly kind: "sign";
  readonly when: "comes" | "beats" | "leaves";
  readonly subject: string;
  readonly payload: Bytes["payload"];
  readonly request?: Exchange["request"];
  readonly reply?: Bytes;
}

/** Of kept mail: see letters.test.ts. */
interface Kept extends Named {
  readonly kind: "letter" | "receipt" | "delivery" | "api";
}

type Vector = Request | Exchange | Reading | Hearing | Sign | Kept;

const file = new URL("messages.json", import.meta.url);
const vectors: readonly Vector[] = JSON.parse(readFileSync(file, "utf8"));
const named = <V extends Vector>(kind: V["kind"]): [string, V][] =>
  vectors
    .filter((vector): vector is V => vector.kind === kind)
    .map((vector) => [`${vector.id} ${vector.title}`, vector]);

let broker: Broker;
type AnyBus = Bus<z.output<typeof meta>>;
const buses: (Bus | AnyBus)[] = [];

beforeAll(async () => {
  broker = await startBroker({ port: 0, maxPayload: 4_096 });
});

afterAll(async () => {
  for (const bus of buses) await bus.close({ timeout: 1 });
  await broker.close();
});

const protocol = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");

test("every clause of the protocol has an id of its own", () => {
  const ids = [...protocol.matchAll(/^\*\*([A-Z]-\w+)\*\*/gm)].map(([, id]) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test("every vector has a unique id and cites existing clauses of the protocol", () => {
  expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length);
  const cited = new Set(vectors.flatMap(({ clauses }) => clauses));
  expect([...cited].filter((clause) => !protocol.includes(`**${clause}**`))).toEqual([]);
});

test.each(named<Request>("request"))("sends %s", async (_name, vector) => {
  const bus = await joined(vector.bus, vector.meta && meta);
  // Whoever sends by key has to find somebody, and chooses the only one.
  const owner = vector.to?.key === undefined ? "" : await served();
  if (owner !== "") await bus.to(pricing, vector.to).ping();
  if (vector.after) await outcomeOf(bus, vector.subject, [vector.after]);
  const expected = vector.subject.replace("<instance>", owner);
  const ear = await listening(broker, [expected]);
  send(bus, vector);
  const frame = await messageIn(ear);
  const [, subject, reply, headers, payload] = partsOf(frame);
  const masks = masksFor(bus);
  expect(subject).toBe(expected);
  expect(masked(reply, masks)).toBe(vector.reply);
  expect(masked(headers, masks)).toBe(vector.headers);
  if (vector.payload.hex !== undefined) expect(hexOf(payload)).toBe(vector.payload.hex);
  else expect(masked(payload, masks)).toBe(vector.payload.text);
  await ear.close();
  await bus.close({ timeout: 1 }); // A bus that published an event also served the mailbox.
});

test.each(named<Exchange>("exchange"))("answers %s", async (_name, { request, reply }) => {
  const instance = await served();
  const subject = request.subject.replace("<instance>", instance);
  const client = await listening(broker, ["_INBOX.answers.>"]);
  // The last answer counts, as the mailbox has to be full first.
  const count = request.subject.startsWith("muove.busy.") ? 3 : 1;
  for (let n = 1; n <= count; n++) publish(client, subject, `_INBOX.answers.${n}`, request);
  await client.until(() => client.frames.some((frame) => frame.line.includes(` _INBOX.answers.${count} `)));
  const frame = client.frames.find(({ line }) => line.includes(` _INBOX.answers.${count} `));
  const [, , , headers, payload] = partsOf(frame);
  const masks: Masks = [
    [/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>"],
    [new RegExp(instance, "g"), "<instance>"],
    [/"since":\d{13}/, '"since":<since>'],
  ];
  expect(masked(headers, masks)).toBe(reply.headers);
  if (reply.payload.hex !== undefined) expect(hexOf(payload)).toBe(reply.payload.hex);
  else expect(masked(payload, masks)).toBe(reply.payload.text);
  await client.close();
});

test.each(named<Reading>("outcome"))("reads %s", async (_name, { reply, then, outcome }) => {
  const bus = await joined({ service: "shop", prefix: "unserved" });
  expect(await outcomeOf(bus, "unserved.muove.pricing.quote", then ? [reply, then] : [reply])).toMatchObject(outcome);
});

test.each(named<Hearing>("event"))("hears %s", async (_name, { event: published, input }) => {
  const bus = await joined({ service: "shop" });
  const heard: unknown[] = [];
  bus.on(pricing.events.changed, (change) => void heard.push(change));
  await until("it listens", () => bus.status.listeners.every(({ state }) => state === "open"));
  const client = await listening(broker, []);
  publish(client, "muove.pricing._event.changed", "", published);
  await until("it is heard or rejected", () => heard.length + bus.status.counts.rejected > 0);
  expect(heard).toEqual(input === undefined ? [] : [input]);
  await client.close();
});

test("an instance sends the signs of the vectors when it comes, beats and leaves", async () => {
  const ear = await listening(broker, ["muove-presence.>", "_INBOX.answers.>"]);
  const bus = await joined({ service: "pricing", tags: { region: "eu" } });
  bus.serve(pricing, handlers);
  const { instance } = bus.status;
  const masks: Masks = [
    [new RegExp(instance, "g"), "<instance>"],
    [/"since":\d{13}/, '"since":<since>'],
  ];
  const told = (type: string) =>
    ear.frames.find(({ body = "" }) => body.startsWith(`{"type":"${type}"`) && body.includes(instance));
  const types = { comes: "hello", beats: "beat", leaves: "goodbye" };
  for (const [, { when, subject, payload, request, reply }] of named<Sign>("sign")) {
    if (when === "beats") publish(ear, `muove.pricing._i.${instance}._watch`, "", watch);
    if (when === "leaves") void bus.close();
    await ear.until(() => told(types[when]) !== undefined);
    const [, to, , , text] = partsOf(told(types[when]));
    expect([masked(to, masks), masked(text, masks)]).toEqual([subject, payload.text]);
    if (request === undefined) continue;
    publish(ear, request.subject.replace("<instance>", instance), "_INBOX.answers.leaving", request);
    await ear.until(() => ear.frames.some(({ line }) => line.includes(" _INBOX.answers.leaving ")));
    const answer = partsOf(ear.frames.find(({ line }) => line.includes(" _INBOX.answers.leaving ")));
    expect([answer[3], masked(answer[4], masks)]).toEqual([reply?.headers, reply?.payload.text]);
  }
  await ear.close();
});

const watch: Bytes = { headers: "", payload: { hex: Buffer.from('{"interval":100,"lease":6000}').toString("hex") } };

function send(bus: AnyBus, vector: Request): void {
  const { call: asked, cast: told, publish: news, to: address, everyone, meta: given } = vector;
  if (news) bus.serve(pricing, handlers).within({ meta: given }).publish.changed(news.input);
  const to = everyone ? bus.toAll(pricing) : bus.to(pricing, { ...address, meta: given });
  if (told) to.repriced(told.input);
  if (!asked) return;
  const abort = new AbortController();
  const cancellable = asked.cancellable || asked.abort;
  const options = { timeout: asked.timeout, ...(cancellable && { signal: abort.signal }) };
  if (asked.message === "ping") void to.ping(undefined, options);
  else void to.quote(asked.input as { sku: string; quantity: number }, options);
  if (asked.abort) abort.abort();
}

/** What a bus makes of these replies to a call. @param subject where no service answers first. */
async function outcomeOf(bus: AnyBus, subject: string, replies: readonly Bytes[]) {
  const service = await listening(broker, [subject]);
  const asked = bus.to(pricing).quote({ sku: "tea", quantity: 2 });
  const [, , to] = partsOf(await messageIn(service));
  for (const reply of replies) publish(service, to, "", reply);
  const outcome = await asked;
  await service.close();
  return outcome;
}

/** A connected bus. */
async function joined(options: ConnectOptions, schema?: typeof meta): Promise<AnyBus> {
  const bus = connect({ ...options, servers: broker.url, logger: false, meta: schema });
  buses.push(bus);
  await until("the bus is connected", () => bus.status.connection.state === "up");
  return bus;
}

const handlers: Handlers<typeof pricing.messages> = {
  quote({ sku, quantity }, ctx) {
    if (sku === "gold") return ctx.fail("NOT_SOLD", { since: 2019 });
    if (sku === "beer") return ctx.fail("CLOSED");
    if (sku === "bomb") throw new Error("nobody but the log may see this");
    const extra = sku === "leaky" ? { secret: 1 } : {};
    return { cents: 450 * quantity, ...extra };
  },
  describe: () => "x".repeat(5_000),
  answer: () => 42,
  ping: () => {},
  repriced: () => {},
};

let service: Bus | undefined;

/** Starts the service of the exchanges, once. Resolves to its instance. */
async function served(): Promise<string> {
  if (service !== undefined) return service.status.instance;
  const tags = { zone: "a", region: "eu" };
  const bus = connect({ service: "pricing", servers: broker.url, tags, logger: false });
  service = bus;
  buses.push(bus);
  bus.serve(pricing, handlers);
  bus.serve(busy, { wait: () => new Promise(() => {}) }, { concurrency: 1, backlog: 1 });
  const guard = await joined({ service: "guarded" }, meta);
  guard.use({ handle: (ctx, next) => (ctx.meta.tenant === "evil" ? ctx.refuse("evil may not ask") : next()) });
  guard.serve(guarded, { ping: (_, ctx) => ctx.meta.tenant });
  await until("all mailboxes are open", () =>
    [...bus.status.mailboxes, ...guard.status.mailboxes].every(({ state }) => state === "open"),
  );
  return bus.status.instance;
}
