import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { serveStock } from "./services/serve.js";
import type { Peer } from "./support/peer.js";
import { evilInbox, type Scene } from "./support/scene.js";
import { taken } from "./support/services.js";
import { type Attack, threat } from "./support/threat.js";

/** Subjects to which the peer wants the service to publish. */
const elsewhere = [
  "muove.basket.check",
  "muove.stock._event.soldOut",
  "muove-presence.basket.basket.1",
  "$JS.API.STREAM.PURGE.LEDGER",
  "inbox.of.nobody",
];

/** Requests of the peer, one for each kind of answer that a service gives. */
const requests = [
  { answer: "a reply", to: "muove.stock.level", payload: '{"sku":"tea"}' },
  { answer: "a crash", to: "muove.stock.crash", payload: '{"sku":"tea"}' },
  { answer: "rejected", to: "muove.stock.level", payload: "[" },
  { answer: "unknown-message", to: "muove.stock._all.nothing", payload: "" },
  { answer: "a presence card", to: "muove.stock._all._watch", payload: '{"interval":1000,"lease":1000}' },
] as const;

const timeout = ["Muove-Timeout: 2000"];

/** Sends each of the requests with this reply subject. */
function ask(peer: Peer, reply: string): void {
  for (const { to, payload } of requests) peer.publish(to, { reply, payload, headers: timeout });
}

/** The messages that arrived at those subjects. */
const misdirected = (witness: Peer): string[] =>
  witness.heard.flatMap(({ subject }) => (elsewhere.includes(subject) ? [subject] : []));

async function attacked(attack: Attack, scene: Scene): Promise<void> {
  const bus = await scene.bus("stock");
  const forbidden: unknown[] = [];
  bus.on("forbidden", (violation) => forbidden.push(violation));
  const { ledger } = serveStock(bus, { concurrency: 1, backlog: 1 });
  await eventually(() => bus.status.mailboxes[0]?.state === "open");
  const [peer, witness] = [await scene.peer(), await scene.witness()];
  await peer.subscribe(evilInbox);
  // All of them are answered at the peer's own inbox, so these are requests that a service answers.
  for (const { answer, to, payload } of requests) {
    peer.forget();
    peer.publish(to, { reply: evilInbox, payload, headers: timeout });
    expect(await peer.until(() => peer.heard.length > 0), answer).toBe(true);
  }
  const handled = { ...ledger.started };

  for (const reply of elsewhere) ask(peer, reply);
  // Also while it is overloaded, which is another kind of answer.
  const long = { reply: evilInbox, payload: '{"ms":1000}', headers: timeout };
  for (let i = 0; i < 2; i++) peer.publish("muove.stock.wait", long);
  await peer.flush();
  for (const reply of elsewhere) ask(peer, reply);
  for (const reply of elsewhere)
    peer.publish("muove.stock.level", { reply, payload: '{"sku":"tea"}', headers: timeout });
  await peer.flush();
  await taken(peer, bus.status.instance);
  await bus.close(); // It has sent all its answers by then.
  await witness.flush();

  const sent = elsewhere.length * (2 * requests.length + 1);
  attack.figure("answers that went where the peer may not publish", misdirected(witness).length, `of ${sent}`);
  expect(misdirected(witness)).toEqual([]);
  expect(forbidden).toEqual([]);
  expect(bus.status.counts.refusedReplySubjects).toBe(sent);
  expect(ledger.started).toEqual({ ...handled, wait: expect.any(Number) });
}

threat("T1", "a service answers only at inboxes, whatever reply subject the peer chooses", async (attack) => {
  await attacked(attack, await attack.guarded());
});

threat("T1", "a service on an open NATS answers only at inboxes, too", async (attack) => {
  await attacked(attack, await attack.open());
});

threat("T1", "questions of the NATS service API are answered only at inboxes", async (attack) => {
  const scene = await attack.open();
  const bus = await scene.bus("stock");
  serveStock(bus);
  await eventually(() => bus.status.mailboxes[0]?.state === "open");
  const [peer, witness] = [await scene.peer(), await scene.witness()];
  await peer.subscribe("_INBOX.tool.*");
  const questions = ["PING", "INFO", "STATS"].flatMap((verb) => [`$SRV.${verb}`, `$SRV.${verb}.stock`]);
  for (const question of questions) peer.publish(question, { reply: "_INBOX.tool.1" });
  expect(await peer.until(() => peer.heard.length === questions.length)).toBe(true);

  for (const question of questions) for (const reply of elsewhere) peer.publish(question, { reply });
  peer.forget();
  peer.publish("$SRV.PING", { reply: "_INBOX.tool.1" });
  expect(await peer.until(() => peer.heard.length > 0)).toBe(true);
  await bus.close();
  await witness.flush();
  expect(misdirected(witness)).toEqual([]);
  expect(bus.status.counts.refusedReplySubjects).toBe(questions.length * elsewhere.length);
});

threat("T1", "the server refuses answers elsewhere, too, whatever program the service is", async (attack) => {
  const scene = await attack.guarded();
  const [service, peer, witness] = [await scene.as("stock"), await scene.peer(), await scene.witness()];
  await service.subscribe("muove.stock.level");
  for (const reply of [...elsewhere, evilInbox]) peer.publish("muove.stock.level", { reply });
  expect(await service.until(() => service.heard.length === elsewhere.length + 1)).toBe(true);

  // A program that answers to whatever reply subject it is given.
  for (const { reply } of service.heard) service.publish(reply, { payload: "{}" });
  await service.flush();
  await witness.flush();
  // The events of stock are its own to publish.
  const own = ["muove.stock._event.soldOut"];
  expect(misdirected(witness)).toEqual(own);
  expect(service.refusals).toHaveLength(elsewhere.length - own.length);
  expect(witness.heard.filter(({ subject }) => subject === evilInbox)).toHaveLength(1);
});

threat("T1", "a stream cannot be purged or deleted through a service", async (attack) => {
  for (const scene of [await attack.guarded({ jetStream: true }), await attack.open({ jetStream: true })]) {
    const bus = await scene.bus("stock");
    serveStock(bus, { concurrency: 1, backlog: 1 });
    await eventually(() => bus.status.mailboxes[0]?.state === "open");
    const [peer, owner] = [await scene.peer(), await scene.witness("_INBOX.owner")];
    const api = async (call: string, payload = ""): Promise<Record<string, unknown>> => {
      owner.forget();
      owner.publish(`$JS.API.STREAM.${call}.LEDGER`, { reply: "_INBOX.owner", payload });
      expect(await owner.until(() => owner.heard.length > 0)).toBe(true);
      return JSON.parse(owner.heard[0]?.payload ?? "");
    };
    await api("CREATE", '{"name":"LEDGER","subjects":["ledger"],"storage":"memory"}');
    for (let i = 0; i < 3; i++) owner.publish("ledger", { payload: "a line" });
    await owner.flush();
    const messages = async () => ((await api("INFO")).state as { messages: number } | undefined)?.messages;
    expect(await messages()).toBe(3);

    for (const call of ["PURGE", "DELETE"]) ask(peer, `$JS.API.STREAM.${call}.LEDGER`);
    await peer.subscribe(evilInbox);
    await taken(peer, bus.status.instance);
    await bus.close();
    expect(await messages()).toBe(3);
  }
});
