// Messages that are published after the server has lowered its max_payload, which was larger when their size was checked:
// nothing throws where nobody can catch it, and everything that is not sent has an outcome.

import { type Bus, call, cast, connect, type DeadLetter, mailbox, TooLarge } from "muove";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { greeting, pong, type ScriptedServer, scriptedServer } from "../link/support/scripted-server.js";
import { until } from "../support/until.js";

const text = z.object({ text: z.string() });
const shelf = mailbox("shelf", {
  ask: call({ input: text, timeout: 5_000 }),
  keep: cast({ input: text, whenUnreachable: { bufferFor: 60_000 } }),
  tell: cast({ input: text }),
});
const large = { text: "x".repeat(1_000) };

async function connected(server: ScriptedServer): Promise<Bus> {
  const bus = connect({ service: "shop", servers: server.url, logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  await until("it is connected", () => bus.status.connection.state === "up");
  return bus;
}

const say = (server: ScriptedServer, ...lines: string[]): void => void server.sockets.at(-1)?.write(lines.join(""));
const shrink = (server: ScriptedServer, maxPayload: number): void => say(server, greeting({ max_payload: maxPayload }));

/** Delivers a message, as the server would, to the subscription that matches the expression. */
function deliver(server: ScriptedServer, subscription: RegExp, subject: string, reply: string, payload: string): void {
  const sid = subscription.exec(server.received)?.[1];
  say(server, `MSG ${subject} ${sid} ${reply === "" ? "" : `${reply} `}${payload.length}\r\n${payload}\r\n`);
}

/** Answers the question who is there as an instance of the shelf. */
async function introduce(server: ScriptedServer): Promise<void> {
  const question = /PUB muove\.shelf\._all\._watch (\S+) \d+/;
  await until("it is asked who is there", () => question.test(server.received));
  const card = { instance: "one", service: "shelf", version: "1.0.0", tags: {}, since: 0, degraded: false };
  const [, reply = ""] = question.exec(server.received) ?? [];
  deliver(server, /SUB _INBOX\S+ (\d+)/, reply, "", JSON.stringify(card));
}

test("a call by key that waited to learn its instance is unreachable/no, and says what to do", async () => {
  const server = await scriptedServer((socket) => void socket.write(greeting()));
  const bus = await connected(server);
  const asked = bus.to(shelf, { key: "a" }).ask(large);
  await introduce(server);
  shrink(server, 300);
  const outcome = await asked;
  expect(outcome).toMatchObject({ status: "unavailable", reason: "unreachable", delivered: "no" });
  expect("message" in outcome && outcome.message).toMatch(
    /^shelf\.ask@one was not sent: it takes 1\d{3} bytes, and the current NATS server allows 300\. Send a reference/,
  );
  expect(bus.status.pending).toBe(0);
  expect(server.received).not.toContain("_i.one.ask");
});

test("a cast by key that waited to learn its instance is a dead letter", async () => {
  const server = await scriptedServer((socket) => void socket.write(greeting()));
  const bus = await connected(server);
  const letters: DeadLetter[] = [];
  bus.on("deadLetter", (letter) => letters.push(letter));
  expect(bus.to(shelf, { key: "a" }).tell(large)).toEqual({ status: "buffered" });
  await introduce(server);
  shrink(server, 300);
  await until("it is a dead letter", () => letters.length === 1);
  expect(letters).toMatchObject([{ address: "shelf.tell@{key}", reason: "unreachable", delivered: "no" }]);
});

test("a buffered cast that no longer fits is a dead letter, and the next one is sent", async () => {
  let held = (): void => {};
  const server = await scriptedServer(
    () => {},
    (socket, line) => {
      if (line === "PING" && socket.readable && server.received.includes("muove.shelf.keep"))
        held = () => pong(socket, line);
      else pong(socket, line);
    },
  );
  const bus = connect({ service: "shop", servers: server.url, logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  const letters: DeadLetter[] = [];
  bus.on("deadLetter", (letter) => letters.push(letter));
  for (const input of [{ text: "first" }, large, { text: "third" }]) bus.to(shelf).keep(input);
  await until("it dials", () => server.sockets.length === 1);
  say(server, greeting());
  await until("one went ahead", () => server.received.includes("first"));
  await until("it waits for a PONG", () => server.received.split("first")[1]?.includes("PING") === true);
  shrink(server, 300);
  held();
  await until("the third is sent", () => server.received.includes("third"));
  expect(letters).toMatchObject([{ input: large, reason: "unreachable", delivered: "no" }]);
});

test("a monitored instance goes on beating once its beats fit again", async () => {
  const server = await scriptedServer((socket) => void socket.write(greeting()));
  const bus = await connected(server);
  bus.serve(shelf, { ask: () => {}, keep: () => {}, tell: () => {} });
  await until("it is open", () => bus.status.mailboxes[0]?.state === "open");
  const subject = `muove.shelf._i.${bus.status.instance}._watch`;
  const beats = (): number => server.received.split('"type":"beat"').length - 1;
  deliver(server, /SUB muove\.shelf\._i\.\S+ (\d+)/, subject, "", '{"interval":100,"lease":60000}');
  await until("it beats", () => beats() === 1);
  shrink(server, 10);
  await new Promise((resolve) => setTimeout(resolve, 300)); // Beats are due meanwhile.
  const before = beats();
  shrink(server, 1_000);
  await until("it beats again", () => beats() > before);
  expect(before).toBeLessThanOrEqual(2);
});

test("an abort does not throw when not even the cancellation fits", async () => {
  const server = await scriptedServer((socket) => void socket.write(greeting()));
  const bus = await connected(server);
  const abort = new AbortController();
  const one = bus.to(shelf).ask(large, { signal: abort.signal });
  const all = bus.toAll(shelf).ask(large, { signal: abort.signal });
  await until("both are sent", () => /shelf\.ask.*_all\.ask/s.test(server.received));
  shrink(server, 1);
  await until("the new limit is known", () => {
    try {
      void bus.to(shelf).ask({ text: "" }, { timeout: 1 });
      return false;
    } catch (error) {
      return error instanceof TooLarge;
    }
  });
  abort.abort();
  expect(await one).toMatchObject({ reason: "cancelled", delivered: "maybe" });
  for await (const { outcome } of all) expect(outcome).toMatchObject({ reason: "cancelled", delivered: "maybe" });
});
