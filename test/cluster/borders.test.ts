import { setTimeout as sleep } from "node:timers/promises";
import { findNatsServer, freePort, type Nats } from "@muove/testkit";
import { type Bus, call, connect, mailbox } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { makeKit } from "../support/kit.js";
import { until } from "../support/until.js";

// Across accounts a service sees another reply subject than its caller chose; across a gateway it sees the caller's own.

const desk = mailbox("desk", {
  ask: call({ output: z.string(), timeout: 5_000 }),
  wait: call({ output: z.string(), timeout: 30_000 }),
});

const accounts = `accounts {
  SERVICES: {
    users: [ { user: desk, password: desk, permissions: {
      subscribe: ["muove.desk.>", "_INBOX_muove.desk.>"]
      publish: ["_INBOX_muove.>", "_R_.>", "muove-presence.desk.desk.*"]
    } } ]
    exports: [ { service: "muove.desk.>" } ]
  }
  CALLERS: {
    users: [ { user: caller, password: caller } ]
    imports: [ { service: { account: SERVICES, subject: "muove.desk.>" } } ]
  }
}`;

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] a call", () => {
  test("across accounts is answered and can be cancelled, by a service that may publish only to inboxes and _R_", async () => {
    const { port } = await started(accounts);
    const told = await callAndCancel(`nats://desk:desk@127.0.0.1:${port}`, `nats://caller:caller@127.0.0.1:${port}`);
    expect(told).toEqual({ answers: ["ok", "ok", "ok"], cancelled: "cancelled", aborted: 1, refused: 0 });
  });

  test("across a gateway between clusters is answered and can be cancelled", async () => {
    const [first, second] = [await freePort(), await freePort()];
    const gateway = (name: string, port: number, other: string, its: number): string =>
      `server_name: ${name}\ngateway { name: ${name}, host: 127.0.0.1, port: ${port}, gateways: [{ name: ${other}, url: "nats://127.0.0.1:${its}" }] }`;
    const [near, far] = await Promise.all([
      started(gateway("near", first, "far", second)),
      started(gateway("far", second, "near", first)),
    ]);
    const told = await callAndCancel(near.url, far.url);
    expect(told).toEqual({ answers: ["ok", "ok", "ok"], cancelled: "cancelled", aborted: 1, refused: 0 });
  });
});

const started = (text: string): Promise<Nats> => makeKit().nats({ on: "nats-server", text });

async function callAndCancel(service: string, caller: string) {
  const answering = joined("desk", service);
  let aborted = 0;
  answering.serve(desk, {
    ask: () => "answered",
    async wait(_, ctx) {
      await sleep(30_000, undefined, { signal: ctx.signal }).catch(() => aborted++);
      return "waited";
    },
  });
  await until("it is open", () => answering.status.mailboxes.every(({ state }) => state === "open"));
  const asking = joined("caller", caller);
  await until("it is connected", () => asking.status.connection.state === "up");
  // The other account or cluster learns of the mailbox a moment later.
  const known = async (): Promise<boolean> => (await asking.to(desk).ask()).status === "ok";
  for (let tries = 0; tries < 200 && !(await known()); tries++) await sleep(50);
  const answers = await Promise.all([1, 2, 3].map(async () => (await asking.to(desk).ask()).status));

  const controller = new AbortController();
  const waiting = asking.to(desk).wait(undefined, { signal: controller.signal });
  await until("its handler runs", () => answering.status.mailboxes[0]?.running === 1);
  controller.abort();
  const outcome = await waiting;
  await until("its handler's signal aborted", () => aborted === 1);
  const cancelled = outcome.status === "unavailable" ? outcome.reason : outcome.status;
  return { answers, cancelled, aborted, refused: answering.status.counts.refusedReplySubjects };
}

function joined(service: string, servers: string): Bus {
  const bus = connect({ service, servers, logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  return bus;
}
