import { setTimeout as sleep } from "node:timers/promises";
import type { Service, Testkit } from "@muove/testkit";
import type { BusStatus } from "muove";
import type { Random } from "../../support/random.js";
import type { Kind } from "../../support/table-test.js";
import type { LogFigures } from "../services/counted-log.js";
import type { Stall } from "../services/stalls.js";
import type { Peer } from "../support/peer.js";
import { Scene } from "../support/scene.js";
import { hostileMessage, type Known } from "./messages.js";

/** Services with the guide's users, the peer, and an idle process beside them. */
export class System {
  readonly services: readonly Service[];
  readonly #scene: Scene;
  readonly #stock: readonly Service[];
  readonly #basket: Service;
  readonly #idle: Service;
  readonly #peer: Peer;

  static async start(kit: Testkit, on: Kind, folder: string, seed: number): Promise<System> {
    const scene = await Scene.set({ kit, on, figure: () => {} }, true);
    const start = async (entry: string, url: string, env: Record<string, string> = {}): Promise<Service> => {
      const file = new URL(`./${entry}.js`, import.meta.url);
      const service = await kit.service({ entry: file, name: entry, nats: url, env: { FOLDER: folder, ...env } });
      await service.ready;
      return service;
    };
    const stock = await Promise.all(["stock1", "stock2"].map((NAME) => start("stock", scene.url("stock"), { NAME })));
    const basket = await start("basket", scene.url("basket"), { SEED: String(seed) });
    const idle = await start("idle", scene.nats.url);
    return new System(scene, stock, basket, idle, await scene.peer());
  }

  private constructor(scene: Scene, stock: readonly Service[], basket: Service, idle: Service, peer: Peer) {
    this.#scene = scene;
    this.#stock = stock;
    this.#basket = basket;
    this.#idle = idle;
    this.#peer = peer;
    this.services = [...stock, basket];
  }

  /** The system's capacity, in good calls per second. */
  async capacity(): Promise<number> {
    await this.#basket.ask("ready");
    await this.#basket.ask("capacity", 32, 1_000); // Warm.
    return await this.#basket.ask<number>("capacity", 32, 3_000);
  }

  openLoop(rate: number): Promise<void> {
    return this.#basket.ask("open", rate);
  }

  /** Sends `rate` hostile messages per second. Resolves to how many were sent. */
  async attack(random: Random, rate: number, seconds: number): Promise<number> {
    const known = await this.#known();
    await this.#peer.subscribe("_INBOX_muove.evil.>");
    let sent = 0;
    for (let second = 0; second < seconds; second++) {
      await this.#peer.flood(rate, () => hostileMessage(random, known, sent++), rate);
      this.#peer.forget();
    }
    return sent;
  }

  /** The heap and log of each process, and its stalls since the last time. */
  async vitals() {
    const idle = await this.#idle.ask<Stall[]>("stalls");
    const all = this.services.map(async (service) => ({
      name: service.name,
      stalls: await service.ask<Stall[]>("stalls"), // Asked first, as measuring the memory causes a stall.
      memory: await service.ask<number>("memory"),
      log: await service.ask<LogFigures>("log"),
      status: await service.ask<BusStatus>("status"),
    }));
    return { idle, all: await Promise.all(all) };
  }

  /** Ends the good calls. Resolves to what the good caller has seen. */
  async stop(): Promise<GoodCaller> {
    await sleep(200);
    const seen = await this.#basket.ask<GoodCaller>("stop");
    for (const service of this.#stock) await service.ask("stop");
    return seen;
  }

  close(): Promise<void> {
    return this.#scene.close();
  }

  async #known(): Promise<Known> {
    const status = (service: Service): Promise<BusStatus> => service.ask("status");
    const stock = await Promise.all(this.#stock.map(async (service) => (await status(service)).instance));
    return { stock, basket: (await status(this.#basket)).instance };
  }
}

export interface GoodCaller {
  readonly calls: number;
  readonly ok: number;
  readonly events: number;
  readonly seen: readonly string[];
  readonly known: number;
}
