import { eventually, type Nats, type Service } from "@muove/testkit";
import { expect } from "vitest";
import { type Fault, failure } from "./support/failure.js";
import { timed } from "./support/load.js";
import { built } from "./support/services.js";

// Clients that all return at once to a server that checks bcrypt passwords: each login takes it 0.1 s or so of its CPU.

/** "secret", at the cost that `nats server passwd` has by default. */
const bcrypted = "$2a$11$vEtKfqIQkgxdpic06LRR.uypo3XTcFcuwl65IAer9M2iXN3pQxTEi";
const auth = { user: "herd", pass: bcrypted };

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
