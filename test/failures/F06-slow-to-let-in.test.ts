import { eventually, type Nats, type Service } from "@muove/testkit";
import { type Bus, connect } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { type Fault, failure } from "./support/failure.js";
import { tally, timed } from "./support/load.js";
import { built } from "./support/services.js";
import { startWorker } from "./support/worker.js";

// Servers that take long to let a client in: because of its password, of many others, or of the path.

/** "secret", at the cost that `nats server passwd` has by default: a login takes the server 0.1 s or so of its CPU. */
const auth = { user: "herd", pass: "$2a$11$vEtKfqIQkgxdpic06LRR.uypo3XTcFcuwl65IAer9M2iXN3pQxTEi" };
/** The same at sixteen times the cost. */
const slowAuth = { user: "slow", pass: "$2a$15$cu.6PqZwkiTXamTGjY9W1OIibs/eBkUmOIde7VXLRKCtOleY.vjpy" };

/** `.ci/long` has more clients, more runs, and a strict bound. */
const { MUOVE_HERD } = process.env;
const { clients, runs, bound } = MUOVE_HERD
  ? { clients: Number(MUOVE_HERD), runs: 3, bound: 1.2 }
  : { clients: 20, runs: 1, bound: 3 };
const within = 120_000;

/** Two processes of them, all connected. */
async function startHerd({ kit }: Fault, { port }: Nats, more: Readonly<Record<string, string>>): Promise<Service[]> {
  const nats = `nats://herd:secret@127.0.0.1:${port}`;
  const env = { CLIENTS: String(clients / 2), ...more };
  const herd = [1, 2].map((i) => kit.service({ entry: built("herd"), name: `herd ${i}`, nats, env }));
  const services = await Promise.all(herd);
  await eventually(async () => (await connectedOf(services)) === clients, { within });
  return services;
}

async function connectedOf(services: readonly Service[]): Promise<number> {
  const counts = await Promise.all(services.map((service) => service.ask<number>("connected")));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Restarts NATS. Resolves to the ms from then until the last one was back. */
async function returning(fault: Fault, more: Readonly<Record<string, string>>): Promise<number> {
  const nats = await fault.nats({ config: { auth } });
  const services = await startHerd(fault, nats, more);
  await nats.kill();
  await eventually(async () => (await connectedOf(services)) === 0, { within });
  await nats.start();
  const all = async () => (await connectedOf(services)) === clients;
  const { ms } = await timed(() => eventually(all, { within }));
  await Promise.all([nats.kill(), ...services.map((service) => service.kill())]);
  return ms;
}

async function answered(bus: Bus): Promise<void> {
  const call = () => bus.to(worker).echo({ text: "hi" }, { timeout: 10_000 });
  await eventually(async () => (await call()).status === "ok", { within });
}

failure(
  "F6",
  "a login that takes NATS seconds succeeds, at the start and after a restart",
  async (fault) => {
    const nats = await fault.nats({ config: { auth: slowAuth, authTimeout: 60_000 } });
    const servers = `nats://slow:secret@127.0.0.1:${nats.port}`;
    await using bus = connect({ service: "caller", servers, logger: false });
    const first = await timed(() => bus.connected({ timeout: within }));
    expect(first.value).toBe(true);
    fault.figure("from the start until a login with a slow password has succeeded", first.ms);
    await nats.kill();
    await eventually(() => bus.status.connection.state === "down");
    await nats.start();
    const again = await timed(() => bus.connected({ timeout: within }));
    expect(again.value).toBe(true);
    fault.figure("from NATS being back until the login has succeeded again", again.ms);
  },
  300_000,
);

failure(
  "F6",
  "over a path with a round trip of 1.5 s calls are answered, before and after a restart of NATS",
  async (fault) => {
    const nats = await fault.nats();
    const path = await fault.kit.proxy(nats.url);
    path.slow(750);
    await startWorker(fault, nats);
    await using bus = connect({ service: "far", servers: path.url, logger: false });
    expect(await bus.connected({ timeout: within })).toBe(true);
    const call = (text: string) => bus.to(worker).echo({ text }, { timeout: 10_000 });
    const calls = await timed(() => Promise.all(Array.from({ length: 100 }, (_, i) => call(`${i}`))));
    expect(tally(calls.value)).toEqual({ ok: 100 });
    fault.figure("100 calls at once over a round trip of 1.5 s", calls.ms);
    await nats.kill();
    await eventually(() => bus.status.connection.state === "down");
    await nats.start();
    const healed = await timed(() => answered(bus));
    fault.figure("from NATS being back until a call over that path is answered", healed.ms);
    expect(healed.ms).toBeLessThan(30_000);
  },
  180_000,
);

failure(
  "F6",
  "a herd of clients returns to a server that is slow to check their passwords",
  async (fault) => {
    for (let run = 0; run < runs; run++) {
      const official = await returning(fault, { OFFICIAL: "yes" });
      const muove = await returning(fault, {});
      fault.figure(`from NATS being back until ${clients} clients with bcrypt passwords are in`, muove);
      fault.figure("the same with the official client", official);
      expect(muove).toBeLessThan(official * bound);
    }
  },
  1_800_000,
);
