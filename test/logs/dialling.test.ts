// What the log says of servers that cannot be used.

import { startBroker } from "@muove/broker";
import { connect } from "muove";
import { expect, onTestFinished, test } from "vitest";
import { greeting, pong, scriptedServer } from "../link/support/scripted-server.js";
import { keptLog } from "../support/log-lines.js";
import { until } from "../support/until.js";

/** A bus whose log is kept. */
function logging(servers: string) {
  const { logger, lines } = keptLog();
  const bus = connect({ service: "shop", servers, logger });
  onTestFinished(() => bus.close({ timeout: 1 }));
  return { bus, lines };
}

async function fullBroker(): Promise<string> {
  const broker = await startBroker({ port: 0, maxConnections: 1 });
  onTestFinished(() => broker.close());
  const first = connect({ service: "first", servers: broker.url, logger: false });
  onTestFinished(() => first.close({ timeout: 1 }));
  expect(await first.connected()).toBe(true);
  return broker.url;
}

const scripted = async (line: string) => (await scriptedServer((socket) => void socket.write(line))).url;

test.each([
  ["nothing listens", "refused", "connection refused", async () => "nats://127.0.0.1:1"],
  ["it is full", "other", "maximum connections exceeded", fullBroker],
  [
    "it has no headers",
    "other",
    "does not support headers, which Muove needs",
    () => scripted(greeting({ headers: false })),
  ],
  ["it is no NATS", "other", "unexpected response from server", () => scripted("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ["its name does not exist", "unresolved", "the name nowhere.invalid does not resolve", async () => "nowhere.invalid"],
])(
  "a server that cannot be used, as %s, is a warning at first, and then none for each attempt",
  async (_, kind, reason, start) => {
    const { bus, lines } = logging(await start());
    await until("several attempts failed", () => bus.status.connection.attempts > 5, 30_000);
    const failures = lines.filter(({ msg }) => msg === "cannot connect to NATS; running without it, and retrying");
    expect(failures.slice(0, 5).map(({ level }) => level)).toEqual(["warn", "debug", "debug", "debug", "debug"]);
    expect(failures[0]).toMatchObject({ kind, attempt: 1, reason: expect.stringContaining(reason) });
  },
);

test("what is wrong is logged again when it is something else", async () => {
  let refuses = true;
  const server = await scriptedServer((socket) => {
    if (refuses) socket.end();
    else socket.end(`${greeting()}-ERR 'Authorization Violation'\r\n`);
  });
  const { bus, lines } = logging(server.url);
  await until("it failed twice", () => bus.status.connection.attempts > 2);
  refuses = false;
  await until("it failed otherwise", () => lines.some(({ kind }) => kind === "credentials"));
  expect(lines.filter(({ level }) => level === "warn").map(({ kind }) => kind)).toEqual(["other", "credentials"]);
});

test("secrets of a URL are in no line, error or status, whatever characters they have", async () => {
  const refusing = await scriptedServer(
    (socket) => void socket.write(greeting({ auth_required: true })),
    (socket, line) => line === "PING" && socket.end("-ERR 'Authorization Violation'\r\n"),
  );
  const silent = await scriptedServer((socket) => void socket.write(greeting()), pong);
  for (const secret of [
    "s3cr#et",
    "s3cr?et",
    "s3cr/et",
    "s3cr\\et",
    "s3cr et",
    "s3cr@et",
    "s3cr%et",
    "us3cr:pets3cr",
  ]) {
    const { bus, lines } = logging(`nats://${secret}@${refusing.url},nats://${secret}@127.0.0.1:1`);
    const seen: unknown[] = [];
    bus.on("connectFailed", ({ error }) => seen.push(error.message, error.stack, String(error.cause)));
    await until("both failed", () => bus.status.connection.attempts >= 2);
    seen.push(bus.status.connection.lastError?.message);
    expect(JSON.stringify([lines, seen, bus.status, bus.health])).not.toMatch(/s3cr/);
    await bus.close({ timeout: 1 });
    const { bus: accepted } = logging(`nats://${secret}@${silent.url}`);
    expect(await accepted.connected()).toBe(true);
    const sent = silent.received.match(/CONNECT .*/g)?.at(-1);
    const { auth_token, user, pass } = JSON.parse(sent?.slice("CONNECT ".length) ?? "{}");
    expect(auth_token ?? `${user}:${pass}`).toBe(secret);
  }
});
