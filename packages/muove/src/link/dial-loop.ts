import { sleep } from "../base/timers.js";
import { Backoff } from "./backoff.js";
import type { Connection } from "./connection.js";
import { kindOf } from "./dial-failure.js";
import type { LinkObserver } from "./observer.js";
import type { LinkOptions } from "./options.js";
import type { ServerAddress } from "./server-address.js";
import { ServerPool } from "./server-pool.js";

/**
 * Dials until it has a connection, without limit: all servers in turn, then a pause, then all again. The first round
 * starts at once.
 */
export class DialLoop {
  readonly #pool: ServerPool;
  readonly #backoff: Backoff;
  readonly #failed: LinkObserver["dialFailed"];
  readonly #roundFailed: () => void;
  readonly #stable: number;
  #begun = false;
  #attempts = 0;
  #lastError: Error | undefined;

  /** @param roundFailed called whenever all servers were tried in vain. */
  constructor(options: LinkOptions, failed: LinkObserver["dialFailed"], roundFailed: () => void) {
    this.#pool = new ServerPool(options.servers);
    this.#backoff = new Backoff(options.backoff);
    this.#stable = options.backoff.max;
    this.#failed = failed;
    this.#roundFailed = roundFailed;
  }

  /** Dials since the last success, or since the start. */
  get attempts(): number {
    return this.#attempts;
  }

  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /**
   * Resolves to true when `attempt` succeeded with a server, and to false when `signal` aborted. `former` is the
   * connection to replace: the servers that it announced are used, and its own server is tried last.
   */
  async run(attempt: (server: ServerAddress) => Promise<void>, signal: AbortSignal, former?: Connection) {
    while (await this.#pause(signal)) {
      if (former) this.#pool.learn(former.gossip, former.server, former.encrypted);
      for (const server of this.#pool.round(former?.server)) {
        if (await this.#succeeds(attempt, server, signal)) return true;
        if (signal.aborted) return false;
      }
      this.#roundFailed();
    }
    return false;
  }

  /** Called from within an attempt when it succeeded. */
  arrived(): void {
    this.#attempts = 0;
    this.#lastError = undefined;
  }

  /**
   * Reports how long a connection lasted. Only a stable one resets the backoff, so that a server that accepts and hangs
   * up is not dialled in a tight loop.
   */
  lasted(ms: number): void {
    if (ms >= this.#stable) this.#backoff.reset();
  }

  async #pause(signal: AbortSignal): Promise<boolean> {
    const pause = this.#begun ? this.#backoff.next() : 0;
    this.#begun = true;
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {});
    return !signal.aborted;
  }

  async #succeeds(attempt: (server: ServerAddress) => Promise<void>, server: ServerAddress, signal: AbortSignal) {
    this.#attempts += 1;
    try {
      await attempt(server);
      return true;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!signal.aborted) this.#report(error);
      return false;
    }
  }

  #report(error: Error): void {
    this.#lastError = error;
    this.#failed(error, this.#attempts, kindOf(error));
  }
}
