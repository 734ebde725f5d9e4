import { isIP } from "node:net";
import { Backoff } from "./backoff.js";
import type { Connection } from "./connection.js";
import { Dial } from "./dial.js";
import { kindOf, UnresolvedError } from "./dial-failure.js";
import { type Dialling, DialRace, type RaceRules } from "./dial-race.js";
import { NameLookups } from "./name-lookups.js";
import type { LinkObserver } from "./observer.js";
import type { LinkOptions } from "./options.js";
import { hostOf, type ServerAddress } from "./server-address.js";
import { ServerPool, shuffled } from "./server-pool.js";

type MakeDial = (server: ServerAddress, ip: string) => Dialling;

/**
 * Dials until it has a connection, without limit: all servers in turn, then a pause, then all again. The first round
 * starts at once. A server that takes long goes on beside the next ones; see `DialRace`.
 */
export class DialLoop {
  readonly #options: LinkOptions;
  readonly #pool: ServerPool;
  readonly #names = new NameLookups();
  readonly #backoff: Backoff;
  readonly #failed: LinkObserver["dialFailed"];
  readonly #roundFailed: () => void;
  readonly #makeDial: MakeDial;
  #begun = false;
  #attempts = 0;
  #lastError: Error | undefined;

  /** @param roundFailed called whenever all servers were tried in vain, or have had their head start. */
  constructor(
    options: LinkOptions,
    failed: LinkObserver["dialFailed"],
    roundFailed: () => void,
    makeDial: MakeDial = (server, ip) => new Dial(server, ip, options),
  ) {
    this.#options = options;
    this.#pool = new ServerPool(options.servers);
    this.#backoff = new Backoff(options.backoff);
    this.#failed = failed;
    this.#roundFailed = roundFailed;
    this.#makeDial = makeDial;
  }

  /** Dials since the last success, or since the start. */
  get attempts(): number {
    return this.#attempts;
  }

  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /**
   * Resolves to true when `prepare` succeeded with a client, and to false when `signal` aborted. `former` is the
   * connection to replace: the servers that it announced are used, and its own server is avoided.
   */
  async run(prepare: RaceRules["prepare"], signal: AbortSignal, former?: Connection): Promise<boolean> {
    const { headStart, dialTimeout } = this.#options;
    const failed = (error: unknown, attempt: number) => this.#report(error, attempt);
    const race = new DialRace({ headStart, dialTimeout, prepare, failed }, signal);
    while (!race.over) {
      await race.wait(this.#pause());
      for (const server of this.#round(former)) await this.#tryServer(server, race);
      if (!race.over) this.#roundFailed();
    }
    await race.end();
    return race.won;
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
    if (ms >= this.#options.backoff.max) this.#backoff.reset();
  }

  #pause(): number {
    const pause = this.#begun ? this.#backoff.next() : 0;
    this.#begun = true;
    return pause;
  }

  #round(former: Connection | undefined): readonly ServerAddress[] {
    if (former === undefined) return this.#pool.round();
    const { gossip, server, encrypted, lame, alive } = former;
    if (!this.#options.ignoreDiscoveredServers) this.#pool.learn(gossip, server, encrypted);
    return lame && alive ? this.#pool.roundWithout(server) : this.#pool.round(server);
  }

  async #tryServer(server: ServerAddress, race: DialRace): Promise<void> {
    for (const ip of await this.#addressesOf(server, race)) {
      const dial = this.#makeDial(server, ip);
      if (race.over || race.waitsAt(dial.at)) continue;
      this.#attempts += 1;
      await race.enter(dial, this.#attempts);
    }
  }

  /** Its IP addresses, shuffled so that clients spread out. None if its name has not resolved after a head start. */
  async #addressesOf(server: ServerAddress, race: DialRace): Promise<readonly string[]> {
    const name = hostOf(server);
    if (race.over || isIP(name) !== 0) return [name];
    await race.wait(this.#options.headStart, this.#names.ask(name));
    if (race.over) return [];
    const found = this.#names.take(name);
    if (!(found instanceof UnresolvedError)) return shuffled(found);
    this.#attempts += 1;
    this.#report(found, this.#attempts);
    return [];
  }

  #report(thrown: unknown, attempt: number): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#lastError = error;
    this.#failed(error, attempt, kindOf(error));
  }
}
