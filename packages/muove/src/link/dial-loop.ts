import { setTimeout as sleep } from "node:timers/promises";
import { Backoff } from "./backoff.js";
import type { Connection } from "./connection.js";
import { kindOf } from "./dial-failure.js";
import type { LinkObserver } from "./observer.js";
import type { LinkOptions } from "./options.js";
import type { ServerAddress } from "./server-address.js";
import { ServerPool } from "./server-pool.js";

/**
 * Dials until it has a connection, for ever: all servers one after the other, then a pause, then all again. The very
 * first round begins at once.
 */
export class DialLoop {
  readonly #pool: ServerPool;
  readonly #backoff: Backoff;
  readonly #failed: LinkObserver["dialFailed"];
  readonly #stable: number;
  #begun = false;
  #attempts = 0;
  #lastError: Error | undefined;

  constructor(options: LinkOptions, failed: LinkObserver["dialFailed"]) {
    this.#pool = new ServerPool(options.servers);
    this.#backoff = new Backoff(options.backoff);
    this.#stable = options.backoff.max;
    this.#failed = failed;
  }

  /** Since the last success, or the beginning. */
  get attempts(): number {
    return this.#attempts;
  }

  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /**
   * Resolves to true when `attempt` succeeded with a server, to false when `signal` aborted. `former` is the connection
   * to replace: what its server told of the others is used, and it is tried last.
   */
  async run(attempt: (server: ServerAddress) => Promise<void>, signal: AbortSignal, former?: Connection) {
    while (await this.#pause(signal)) {
      if (former) this.#pool.learn(former.gossip, former.server, former.encrypted);
      for (const server of this.#pool.round(former?.server)) {
        if (await this.#succeeds(attempt, server, signal)) return true;
        if (signal.aborted) return false;
      }
    }
    return false;
  }

  /** Tells, from within an attempt, that it succeeded. */
  arrived(): void {
    this.#attempts = 0;
    this.#lastError = undefined;
  }

  /**
   * Tells how long a connection lasted. Only one that was stable makes the next pause short again: a server that
   * accepts and hangs up must not be dialled in a tight circle.
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
