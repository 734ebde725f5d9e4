// A bus with thousands of subscriptions: what it costs grows with their number, and not faster.

import type { NatsConfig } from "@muove/testkit";
import { call, connect, type Handlers, mailbox } from "muove";
import { expect, test } from "vitest";
import { makeKit } from "../support/kit.js";
import { until } from "../support/until.js";

const messages = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`m${n}`, call()]));
const handlers: Handlers<typeof messages> = Object.fromEntries(Object.keys(messages).map((name) => [name, () => {}]));
const tags = { a: "1", b: "2", c: "3", d: "4" };

interface Costs {
  readonly serve: number;
  readonly reconnect: number;
  readonly close: number;
}

/** The CPU time of this process, in ms. The broker is another one. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function costsOf(mailboxes: number, config: NatsConfig = {}): Promise<Costs> {
  const nats = await makeKit().nats({ config });
  const bus = connect({
    service: "many",
    servers: nats.url,
    tags,
    logger: false,
    credentials: { user: "a", pass: "a" },
  });
  const connection = (state: string) =>
    until(`the connection is ${state}`, () => bus.status.connection.state === state, 30_000);
  await connection("up");
  const serve = await cpuOf(async () => {
    for (let n = 0; n < mailboxes; n++) bus.serve(mailbox(`mailbox-${n}`, messages), handlers);
    await until("the last one is open", () => bus.status.mailboxes.at(-1)?.state === "open", 30_000);
  });
  await nats.kill();
  await connection("down");
  await nats.start();
  const reconnect = await cpuOf(() => connection("up"));
  const close = await cpuOf(() => bus.close({ timeout: 30_000 }));
  return { serve, reconnect, close };
}

/** Other work of the process, such as garbage collection, can only add to it. */
const least = (all: readonly Costs[], step: keyof Costs): number => Math.min(...all.map((costs) => costs[step]));

/** Four times the mailboxes cost four times the CPU; what takes each of them through all others costs sixteen times. */
async function expectLinear(few: number, config?: NatsConfig): Promise<void> {
  await costsOf(few, config); // Compiles what is measured.
  const one = [await costsOf(few, config), await costsOf(few, config)];
  const four = [await costsOf(4 * few, config), await costsOf(4 * few, config)];
  for (const step of ["serve", "reconnect", "close"] as const) {
    expect(least(four, step) / least(one, step), step).toBeLessThan(8);
  }
}

test("the CPU that it takes to serve, to reconnect and to close grows with the number of mailboxes", async () => {
  await expectLinear(40);
}, 120_000);

test("so it does when NATS permissions refuse their tags", async () => {
  const permissions = { subscribe: { deny: ["muove.*._t.>"] } };
  await expectLinear(20, { auth: { users: [{ user: "a", pass: "a", permissions }] } });
}, 120_000);
