import type { Nats, Service } from "@muove/testkit";
import { isDirect } from "../contenders/index.js";
import type { Load, Loaded } from "../load/load.js";
import { cpuTimeOf, machineTime } from "../processes/cpu-time.js";
import type { Bench } from "./bench.js";
import { type Cost, cost, type Spent } from "./spent.js";
import { startProcess } from "./start-process.js";

/** The result of one load. */
export interface Run extends Cost {
  readonly count: number;
  readonly perSecond: number;
  /** Times in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export interface Memory {
  readonly caller: number;
  readonly service: number;
}

/** The two processes of a contender. */
export class Pair {
  readonly #name: string;
  readonly #nats: Nats;
  readonly #service: Service;
  readonly #caller: Service;

  static async start(bench: Bench, name: string): Promise<Pair> {
    const service = await startProcess(bench, "service", name);
    const address = isDirect(name) ? [await service.ask<string>("address")] : [];
    return new Pair(name, bench.nats, service, await startProcess(bench, "caller", name, ...address));
  }

  private constructor(name: string, nats: Nats, service: Service, caller: Service) {
    this.#name = name;
    this.#nats = nats;
    this.#service = service;
    this.#caller = caller;
  }

  async measure(load: Load): Promise<Run> {
    const before = await this.#spent();
    const { count, seconds, p50, p99, p999, cpu } = await this.#caller.ask<Loaded>("load", load);
    const spent = cost(before, await this.#spent(), cpu, count);
    return { count, perSecond: count / seconds, p50, p99, p999, ...spent };
  }

  /** Measures while the process of that role writes a CPU profile. Resolves to its path too. */
  async profile(role: string, load: Load): Promise<[Run, string]> {
    const process = role === "service" ? this.#service : this.#caller;
    await process.ask("startProfile");
    const run = await this.measure(load);
    return [run, await process.ask<string>("stopProfile", `${this.#name}-${role}`)];
  }

  /** Memory in use after a forced collection, in bytes. */
  async memory(): Promise<Memory> {
    return {
      caller: await this.#caller.ask<number>("memoryInUse"),
      service: await this.#service.ask<number>("memoryInUse"),
    };
  }

  /** The time from the start of the service's process until it was open, in ms. */
  openAfter(): Promise<number> {
    return this.#service.ask<number>("openAfter");
  }

  async close(): Promise<void> {
    await Promise.all([this.#caller.kill(), this.#service.kill()]);
  }

  async #spent(): Promise<Spent> {
    const service = await this.#service.ask<number>("cpuTime");
    const server = isDirect(this.#name) ? undefined : cpuTimeOf(this.#nats.pid);
    return { service, server, machine: machineTime() };
  }
}
