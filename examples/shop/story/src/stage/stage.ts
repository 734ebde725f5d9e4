import { mkdirSync, rmSync } from "node:fs";
import { Actor, type Role } from "./actor.js";
import { Keeper } from "./keeper.js";
import type { Nats } from "./nats.js";
import { logFolder, serviceProgram } from "./paths.js";

export const serviceNames = [
  "storefront",
  "orders",
  "recommendations",
  "notifications",
  "inventory",
  "pricing",
  "catalogue",
] as const;
export type ServiceName = (typeof serviceNames)[number];

/**
 * All processes of the play.
 *
 * S1 When `end()` has resolved, none is left.
 * S2 When this process ends without it, none is left a moment later: on "exit" they are killed, and if even that is
 *    impossible, the keeper does it.
 */
export class Stage {
  readonly broker: Actor;
  readonly #services: ReadonlyMap<ServiceName, Actor>;
  readonly #keeper = new Keeper();

  /** @param port the storefront's. */
  constructor(nats: Nats, port: number) {
    const logs = logFolder(port);
    rmSync(logs, { recursive: true, force: true });
    mkdirSync(logs, { recursive: true });
    const env = { NATS_URL: nats.url, PORT: String(port), HOST: "127.0.0.1", LOG_LEVEL: "info" };
    const role = (name: ServiceName): Role => ({ name, program: serviceProgram(name), env });
    this.#services = new Map(serviceNames.map((name) => [name, new Actor(role(name), logs, this.#keeper)]));
    this.broker = new Actor(nats.role, logs, this.#keeper);
    process.on("exit", this.#killAll);
  }

  service(name: ServiceName): Actor {
    return this.#services.get(name) as Actor;
  }

  /** Ends everything in order: the services first, while they can still say goodbye to the broker. */
  async end(): Promise<void> {
    await Promise.all([...this.#services.values()].map((actor) => actor.end()));
    await this.broker.end();
    await this.#keeper.close();
    process.off("exit", this.#killAll);
  }

  readonly #killAll = (): void => {
    for (const actor of [...this.#services.values(), this.broker]) actor.killNow();
  };
}
