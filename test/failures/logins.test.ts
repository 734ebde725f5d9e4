import { setTimeout as sleep } from "node:timers/promises";
import { eventually, type Nats } from "@muove/testkit";
import { type Bus, call, connect, mailbox } from "muove";
import { expect, test } from "vitest";
import { z } from "zod";
import { lameDuckConfig } from "../cluster/support/upgrade.js";
import { type Login, loginKinds } from "../support/logins/logins.js";
import { type Tools, tableTest } from "../support/table-test.js";
import { load, tally, timed } from "./support/load.js";

// The rows of the failure table in which clients log in, for each way to do it.

const echo = mailbox("echo", {
  say: call({ input: z.string(), output: z.string(), timeout: 1_000 }),
  wait: call({ timeout: 60_000 }),
});

/** Certificates are for this name. */
const urlOf = ({ port }: Nats): string => `nats://localhost:${port}`;

/** A service and one that calls it. They are closed at the end of the test. */
function buses({ options }: Login, server: Nats) {
  const bus = (service: string): Bus => connect({ service, servers: urlOf(server), logger: false, ...options });
  const [service, caller] = [bus("service"), bus("caller")];
  service.serve(echo, { say: (text) => text, wait: (_, { signal }) => sleep(60_000, undefined, { signal }) });
  const say = () => caller.to(echo).say("hi");
  const answered = () => eventually(async () => (await say()).status === "ok", { within: 20_000 });
  const close = () => Promise.all([service, caller].map((each) => each.close({ timeout: 100 })));
  return { service, caller, say, answered, [Symbol.asyncDispose]: async () => void (await close()) };
}

async function start({ kit }: Tools, login: Login, { start = true } = {}): Promise<Nats> {
  const server = await kit.nats({ on: "nats-server", text: login.text, start });
  login.serve(server.url);
  return server;
}

const rows: readonly (readonly [id: string, title: string, run: (tools: Tools, login: Login) => Promise<void>])[] = [
  [
    "F1",
    "a service starts without NATS, and its mailbox opens when NATS comes",
    async (tools, login) => {
      const server = await start(tools, login, { start: false });
      await using system = buses(login, server);
      expect(await system.say()).toMatchObject({ reason: "unreachable", delivered: "no" });
      await server.start();
      const open = await timed(system.answered);
      tools.figure("from NATS being up until a call is answered", open.ms);
      expect(open.ms).toBeLessThan(6_000);
    },
  ],
  [
    "F6",
    "when NATS is killed, what is under way is unreachable/maybe, the rest unreachable/no, and it heals",
    async (tools, login) => {
      const server = await start(tools, login);
      await using system = buses(login, server);
      await system.answered();
      const underWay = Array.from({ length: 10 }, () => system.caller.to(echo).wait());
      await eventually(() => system.service.status.mailboxes[0]?.running === 10);
      await server.kill();
      expect(tally(await Promise.all(underWay))).toEqual({ "unreachable/maybe": 10 });
      expect(await system.say()).toMatchObject({ reason: "unreachable", delivered: "no" });
      await server.start();
      const healed = await timed(system.answered);
      tools.figure("from NATS being back until a call is answered", healed.ms);
      expect(healed.ms).toBeLessThan(6_000);
    },
  ],
  [
    "F26",
    "what is wrong for a while is told by its kind, and what is right again heals it",
    async (tools, login) => {
      const server = await start(tools, login);
      await using system = buses(login, server);
      await system.answered();
      const kinds: string[] = [];
      login.rotate();
      await server.kill();
      await server.start();
      system.caller.on("connectFailed", ({ kind }) => kinds.push(kind));
      const wrong = () => kinds.filter((kind) => kind === login.kind).length >= 6;
      await eventually(wrong, { within: 20_000, what: "six refusals" });
      expect(new Set(kinds.filter((kind) => kind !== "refused"))).toEqual(new Set([login.kind]));
      expect(await system.say()).toMatchObject({ reason: "unreachable", delivered: "no" });
      login.follow();
      const healed = await timed(system.answered);
      tools.figure("from being right again until a call is answered", healed.ms);
      expect(healed.ms).toBeLessThan(6_000);
    },
  ],
  [
    "F28",
    "when its server goes into lame duck mode, clients move to another one first, and no call fails",
    async (tools, login) => {
      const [leaving, other] = await tools.kit.cluster({ size: 2, text: login.text, config: lameDuckConfig });
      if (!leaving || !other) throw new Error("no cluster");
      for (const { url } of [leaving, other]) login.serve(url);
      await using system = buses(login, leaving);
      await system.answered();
      const downs: string[] = [];
      for (const bus of [system.caller, system.service]) bus.on("disconnected", ({ reason }) => downs.push(reason));
      const calls = load(4, system.say);
      await leaving.lameDuck();
      const isMoved = ({ status: { connection } }: Bus) => connection.server?.endsWith(`:${other.port}`) === true;
      const moved = await timed(() => eventually(() => [system.caller, system.service].every(isMoved)));
      tools.figure("from lame duck mode until its clients have moved", moved.ms);
      const before = calls.done.length;
      await eventually(() => calls.done.length >= before + 200);
      expect(tally(await calls.stop())).toEqual({ ok: calls.done.length });
      expect(downs).toEqual([]);
    },
  ],
];

for (const { name, missing, oldest, make } of loginKinds) {
  for (const [id, title, run] of rows) {
    const full = `with ${name}: ${title}`;
    if (missing !== undefined) test.skip(`[needs ${missing}] ${id}: ${full}`, () => {});
    else {
      const about = { table: "failures", id, title: full, kinds: ["nats-server"], oldest, timeout: 60_000 } as const;
      tableTest(about, (tools) => {
        const figure: Tools["figure"] = (what, ...value) => tools.figure(`with ${name}, ${what}`, ...value);
        return run({ ...tools, figure }, make());
      });
    }
  }
}
