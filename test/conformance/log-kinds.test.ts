// What others send must not decide how many lines are logged.

import { type Bus, call, cast, connect, mailbox } from "muove";
import { expect, onTestFinished, test } from "vitest";
import { greeting, scriptedServer } from "../link/support/scripted-server.js";
import { keptLog, type LogLine } from "../support/log-lines.js";
import { until } from "../support/until.js";

const shelf = mailbox("shelf", { ask: call({ timeout: 50 }), tell: cast() });

async function scripted() {
  const server = await scriptedServer((socket) => void socket.write(greeting()));
  const { logger, lines } = keptLog("info");
  const bus: Bus = connect({ service: "shop", servers: server.url, logger });
  onTestFinished(() => bus.close({ timeout: 1 }));
  await until("it is connected", () => bus.status.connection.state === "up");
  const say = (text: string): void => void server.sockets[0]?.write(text);
  return { bus, lines: lines as readonly LogLine[], say };
}

test("refused subjects that others choose are of one kind, logged once a second", async () => {
  const { bus, lines, say } = await scripted();
  const told: string[] = [];
  bus.on("forbidden", ({ subject }) => told.push(subject));
  const refuse = (subject: string): void => say(`-ERR 'Permissions Violation for Publish to "${subject}"'\r\n`);
  for (let n = 0; n < 200; n++) refuse(`_INBOX_others.${n}.\u202ex`);
  for (let n = 0; n < 200; n++) refuse(`muove.shelf._i.${n}.ask`);
  await until("all are reported", () => told.length === 400);
  const refused = lines.filter(({ operation }) => operation === "publish");
  expect(refused.map(({ subject }) => subject)).toEqual(["_INBOX_others.0. x", "muove.shelf._i.0.ask"]);
  expect(told[0]).toBe("_INBOX_others.0. x");
});

test("repeated errors from the server are logged once a second", async () => {
  const { lines, say } = await scripted();
  for (let n = 0; n < 200; n++) say(`-ERR 'Something Odd ${n}'\r\n`);
  say("-ERR 'Permissions Violation for Publish to \"muove.shelf.ask\"'\r\n");
  await until("all is read", () => lines.some(({ operation }) => operation === "publish"));
  expect(lines.filter(({ msg }) => msg === "failed to receive a message")).toHaveLength(1);
});

test("dead letters to ever changing instances are of one kind", async () => {
  const { bus, lines } = await scripted();
  let dead = 0;
  bus.on("deadLetter", () => void dead++);
  await bus.close();
  for (let n = 0; n < 200; n++) bus.to(shelf, { instance: `i${n}` }).tell();
  expect(dead).toBe(200);
  expect(lines.filter(({ msg }) => msg === "a cast reached nobody")).toHaveLength(1);
});

test("fallbacks that fail for ever changing instances are of one kind", async () => {
  const { bus, lines } = await scripted();
  await bus.close();
  for (let n = 0; n < 200; n++) {
    const outcome = await bus
      .to(shelf, { instance: `i${n}` })
      .ask()
      .orElse(() => {
        throw new Error("no");
      });
    expect(outcome).toMatchObject({ status: "unavailable" });
  }
  expect(lines.filter(({ msg }) => msg === "a fallback failed")).toHaveLength(1);
});
