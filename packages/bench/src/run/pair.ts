import type { Nats, Service, Testkit } from "@muove/testkit";
import type { Load, Loaded } from "../load/closed-loop.js";
import { cpuTimeOf } from "../processes/cpu-time.js";

/** What one load led to. CPU time is in microseconds per request; the server's is undefined where it cannot be seen. */
export interface Run {
  readonly perSecond: number;
  /** Times in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly cpu: { readonly caller: number; readonly service: number; readonly server: number | undefined };
}

/** The two processes of a contender. */
export class Pair {
  readonly #name: string;
  readonly #nats: Nats;
  readonly #service: Service;
  readonly #caller: Service;

  static async start(kit: Testkit, nats: Nats, name: string): Promise<Pair> {
    const service = await start(kit, nats, "service", name);
    return new Pair(name, nats, service, await start(kit, nats, "caller", name));
  }

  private constructor(name: string, nats: Nats, service: Service, caller: Service) {
    this.#name = name;
    this.#nats = nats;
    this.#service = service;
    this.#caller = caller;
  }

  async measure(load: Load): Promise<Run> {
    const [service, server] = [await this.#service.ask<number>("cpuTime"), cpuTimeOf(this.#nats.pid)];
    const loaded = await this.#caller.ask<Loaded>("load", load);
    const { count, seconds, p50, p99, p999, cpu } = loaded;
    const [serviceAfter, serverAfter] = [await this.#service.ask<number>("cpuTime"), cpuTimeOf(this.#nats.pid)];
    const each = {
      caller: cpu / count,
      service: (serviceAfter - service) / count,
      server: server === undefined || serverAfter === undefined ? undefined : (serverAfter - server) / count,
    };
    return { perSecond: count / seconds, p50, p99, p999, cpu: each };
  }

  /** Measures, and has the process of that role write a CPU profile of it. Resolves to its path, too. */
  async profile(role: string, load: Load): Promise<[Run, string]> {
    const process = role === "service" ? this.#service : this.#caller;
    await process.ask("startProfile");
    const run = await this.measure(load);
    return [run, await process.ask<string>("stopProfile", `${this.#name}-${role}`)];
  }

  async close(): Promise<void> {
    await Promise.all([this.#caller.kill(), this.#service.kill()]);
  }
}

async function start(kit: Testkit, { url }: Nats, role: string, name: string): Promise<Service> {
  const service = await kit.service({
    entry: new URL(`../processes/${role}.js`, import.meta.url),
    args: [name],
    name: `the ${role} of ${name}`,
    nats: url,
    env: { NODE_ENV: "production", LOG_LEVEL: "warn" },
    // What they print is not what says that they are ready.
    readyLine: /^\0$/,
    readyWithin: 20_000,
  });
  await service.ready;
  return service;
}
