import { eventually, type Nats, type NatsProxy, type Service, type Testkit } from "@muove/testkit";

/** A process of the soak, with its own proxy to NATS. */
export class Member {
  readonly name: string;
  readonly proxy: NatsProxy;
  readonly #start: () => Promise<Service>;
  #service: Service;
  /** Whether a fault of the process is under way. */
  busy = false;

  static async start(
    kit: Testkit,
    entry: string,
    name: string,
    url: string,
    env: { [name: string]: string },
  ): Promise<Member> {
    const proxy = await kit.proxy(url);
    const file = new URL(`./${entry}.js`, import.meta.url);
    const start = async (): Promise<Service> => {
      const options = { entry: file, name, nats: proxy.url, env: { ...env, NAME: name, LOG_LEVEL: "error" } };
      const service = await kit.service(options);
      await service.ready; // Otherwise a SIGTERM may come before it has a handler for it.
      return service;
    };
    return new Member(name, proxy, start, await start());
  }

  private constructor(name: string, proxy: NatsProxy, start: () => Promise<Service>, service: Service) {
    this.name = name;
    this.proxy = proxy;
    this.#start = start;
    this.#service = service;
  }

  get service(): Service {
    return this.#service;
  }

  async restart(): Promise<void> {
    this.#service = await this.#start();
  }
}

export interface System {
  readonly nats: Nats;
  readonly workers: readonly Member[];
  readonly callers: readonly Member[];
}

/** The programs of a soak, of which each member is a process. */
export interface Programs {
  readonly worker: string;
  readonly caller: string;
}

/** Starts everything, and waits until each caller's messages arrive. */
export async function startSystem(
  kit: Testkit,
  nats: Nats,
  folder: string,
  seed: number,
  programs: Programs = { worker: "worker", caller: "caller" },
): Promise<System> {
  const member = (role: keyof Programs, i: number): Promise<Member> => {
    const env = { FOLDER: folder, SEED: String(seed * 10 + i) };
    return Member.start(kit, programs[role], `${role}${i}`, nats.url, env);
  };
  const workers = await Promise.all([1, 2, 3].map((i) => member("worker", i)));
  const callers = await Promise.all([1, 2].map((i) => member("caller", i)));
  const system = { nats, workers, callers };
  await works(system);
  return system;
}

/** Resolves when the messages of every caller arrive. */
export async function works({ callers }: System): Promise<void> {
  for (const { name, service } of callers) {
    await eventually(() => service.ask<boolean>("works"), { within: 30_000, what: `a message of ${name} arrives` });
  }
}
