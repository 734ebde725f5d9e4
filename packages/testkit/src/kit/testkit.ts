import type { Nats } from "../nats/nats.js";
import type { NatsOptions } from "../nats/nats-options.js";
import { check, rule } from "../options.js";
import { Belongings } from "../process/belongings.js";
import { NatsProxy } from "../proxy/proxy.js";
import type { Service } from "../service/service.js";
import type { ServiceOptions } from "../service/service-options.js";
import { startService } from "../service/start-service.js";
import { type Flooded, flood } from "../traffic/flood.js";
import type { FloodOptions } from "../traffic/flood-options.js";
import { type GarbageOptions, type GarbageSent, garbage } from "../traffic/garbage.js";
import { type ClusterOptions, startCluster } from "./cluster.js";
import { startNats } from "./start-nats.js";

/**
 * Everything that a test needs around a service. The kit owns all of it.
 *
 * TESTKIT-1 Everything that the kit starts is gone when `close()` has resolved, whatever its state was.
 * TESTKIT-2 Anything that was not closed ends with this process, even if that is killed.
 *
 * Its methods throw MUOVE_TESTKIT_INVALID_OPTIONS, which lists every problem, and MUOVE_TESTKIT_CLOSED.
 */
export class Testkit {
  readonly #belongings = new Belongings();

  /**
   * Starts a NATS: the embedded broker (the default), a real `nats-server`, or one that the test provides. Resolves
   * when it accepts connections.
   *
   * @throws TestkitError MUOVE_TESTKIT_NO_NATS_SERVER; MUOVE_TESTKIT_NOT_READY with its output.
   */
  async nats(options: NatsOptions = {}): Promise<Nats> {
    return await startNats(options, this.#belongings);
  }

  /**
   * Starts a cluster of real servers. Resolves when each of them knows all others.
   *
   * @throws TestkitError MUOVE_TESTKIT_NO_NATS_SERVER; MUOVE_TESTKIT_NOT_READY with a server's output.
   */
  async cluster(options: ClusterOptions = {}): Promise<readonly Nats[]> {
    return await startCluster(options, this.#belongings);
  }

  /**
   * Starts a service in its own Node process. Resolves when the process was started; `service.ready` resolves when it
   * is ready.
   *
   * @throws TestkitError MUOVE_TESTKIT_NOT_READY when Node cannot be run.
   */
  async service(options: ServiceOptions): Promise<Service> {
    return await startService(options, this.#belongings);
  }

  /** Starts a proxy in front of a NATS, for network faults. Resolves when it accepts connections. */
  async proxy(url: string): Promise<NatsProxy> {
    check("proxy()", { url }, { url: rule.natsUrl }, [url === undefined && "url is missing"]);
    this.#belongings.demandOpen();
    const proxy = await NatsProxy.open(url);
    this.#belongings.add(() => proxy.close());
    return proxy;
  }

  /**
   * Publishes as fast as NATS accepts it, or at a rate, from this process with the official client, bounded in count
   * and time. Resolves when it is over.
   *
   * @throws TestkitError MUOVE_TESTKIT_NOT_RUNNING if NATS is not reachable.
   */
  async flood(options: FloodOptions): Promise<Flooded> {
    return await this.#whileOpen((closing) => flood(options, closing));
  }

  /**
   * Publishes hostile messages on a subject: bad MessagePack, bad JSON, truncated, deep nesting, `__proto__`, hostile
   * extensions, wrong types, bad headers, and noise. Resolves when NATS has taken them all.
   *
   * @throws TestkitError MUOVE_TESTKIT_NOT_RUNNING if NATS is not reachable, or refuses them.
   */
  async garbage(options: GarbageOptions): Promise<GarbageSent> {
    return await this.#whileOpen((closing) => garbage(options, () => closing.aborted));
  }

  /** Ends everything that the kit has started. Never rejects. Safe to call again. */
  close(): Promise<void> {
    return this.#belongings.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Runs work that ends when the kit is closed. */
  async #whileOpen<T>(work: (closing: AbortSignal) => Promise<T>): Promise<T> {
    const closing = new AbortController();
    let ended: Promise<unknown> = Promise.resolve();
    const remove = this.#belongings.add(async () => {
      closing.abort();
      await ended;
    });
    const result = work(closing.signal);
    ended = result.catch(() => {}).finally(remove);
    return await result;
  }
}

/** Creates a kit. It starts nothing by itself. */
export function testkit(): Testkit {
  return new Testkit();
}
