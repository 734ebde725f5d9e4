import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { timeLimited } from "../base/time-limit.js";
import { clearTimeout, setTimeout } from "../base/timers.js";
import { CredentialsError, DialTimeoutError } from "./dial-failure.js";
import type { ServerAddress } from "./server-address.js";

/*
 * Dials side by side ("happy eyeballs", RFC 8305), so that a server that is slow, silent or gone does not hold up others.
 *
 * DIAL-RACE-1 The first one that connects ends the race, and with it all others.
 * DIAL-RACE-2 To an address there is at most one dial that was greeted: its login waits for its turn in the server, and
 *   another one would cost as much again. Until then there are at most two: the oldest, because the path may be slow,
 *   and the newest, because the oldest may be lost.
 * DIAL-RACE-3 Connections are prepared one after the other, because each that subscribes is given messages. One that
 *   hangs holds up the next for a head start only.
 * DIAL-RACE-4 When the race is over there is no dial, no timer and no connection but the winner's.
 */

/** One attempt at one address; see `Dial`. */
export interface Dialling {
  readonly server: ServerAddress;
  readonly at: string;
  /** Whether the server is asked, and no credentials or certificates of this side are waited for. */
  readonly asked: boolean;
  readonly greeted: boolean;
  connect(signal: AbortSignal): Promise<NatsConnectionImpl>;
  discard(): void;
}

export interface RaceRules {
  /** ms that a dial has before the next one begins beside it. */
  readonly headStart: number;
  /** ms until a dial is given up. Doubles with each that is, up to eight times as long. */
  readonly dialTimeout: number;
  /** Makes a connection that can be used of a client, or rejects. Rejects soon when `signal` aborts. */
  prepare(client: NatsConnectionImpl, server: ServerAddress, signal: AbortSignal): Promise<void>;
  /** A dial takes longer than its head start, or it failed. `error` says which. */
  failed(error: unknown, attempt: number): void;
}

/** A server that has greeted is alive, and gets a longer head start, because a login may be dear. */
const greetedHeadStarts = 5;
const maxLonger = 8;

interface Runner {
  readonly dial: Dialling;
  readonly aborting: AbortController;
  readonly settled: Promise<void>;
}

export class DialRace {
  readonly #rules: RaceRules;
  readonly #closing: AbortSignal;
  readonly #runners = new Map<string, Runner[]>();
  #preparing: Promise<void> = Promise.resolve();
  #longer = 1;
  #won = false;
  #wake = () => {};

  constructor(rules: RaceRules, closing: AbortSignal) {
    this.#rules = rules;
    this.#closing = closing;
    closing.addEventListener("abort", this.#stop);
  }

  get won(): boolean {
    return this.#won;
  }

  get over(): boolean {
    return this.#won || this.#closing.aborted;
  }

  /** Resolves after `ms`, or as soon as `event` settles or the race is over. One wait at a time. */
  wait(ms: number, event?: Promise<unknown>): Promise<void> {
    if (this.over) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#wake = wake;
      event?.then(wake, wake);
    });
  }

  /**
   * Whether an address need not be dialled now, because a login there waits for its turn. Ends other dials to it
   * (DIAL-RACE-2).
   */
  waitsAt(at: string): boolean {
    const login = this.#at(at).find(({ dial }) => dial.greeted);
    if (login === undefined) return false;
    for (const runner of this.#at(at)) if (runner !== login) runner.aborting.abort();
    return true;
  }

  /** Starts a dial. Resolves when it failed, has had its head start, or the race is over. */
  async enter(dial: Dialling, attempt: number): Promise<void> {
    const { headStart, failed } = this.#rules;
    const runner = this.#start(dial, attempt);
    await this.wait(headStart, runner.settled);
    if (this.waitsAt(dial.at)) await this.wait(headStart * (greetedHeadStarts - 1), runner.settled);
    if (!this.over && this.#at(dial.at).includes(runner)) failed(lateness(dial), attempt);
  }

  /** Ends what is left. Resolves when nothing is. */
  async end(): Promise<void> {
    this.#closing.removeEventListener("abort", this.#stop);
    this.#stop();
    await Promise.all([...this.#runners.values()].flat().map(({ settled }) => settled));
  }

  #at(at: string): readonly Runner[] {
    return this.#runners.get(at) ?? [];
  }

  #start(dial: Dialling, attempt: number): Runner {
    const others = this.#at(dial.at);
    if (others.length > 1) others.at(-1)?.aborting.abort();
    const aborting = new AbortController();
    const settled = this.#run(dial, attempt, aborting).then(() => {
      this.#runners.set(
        dial.at,
        this.#at(dial.at).filter((other) => other !== runner),
      );
    });
    const runner = { dial, aborting, settled };
    this.#runners.set(dial.at, [...others, runner]);
    return runner;
  }

  async #run(dial: Dialling, attempt: number, aborting: AbortController): Promise<void> {
    const { headStart, dialTimeout, prepare, failed } = this.#rules;
    const limit = dialTimeout * this.#longer;
    const tooLate = new DialTimeoutError(`${dial.server.listen} did not let this bus in within ${limit} ms`);
    const timer = setTimeout(() => aborting.abort(tooLate), limit);
    const { signal } = aborting;
    try {
      const client = await dial.connect(signal);
      await timeLimited(this.#preparing, headStart); // DIAL-RACE-3
      signal.throwIfAborted();
      const prepared = prepare(client, dial.server, signal).then(() => this.#win());
      this.#preparing = prepared.catch(() => {});
      await prepared;
    } catch (error) {
      dial.discard();
      if (signal.reason === tooLate) this.#longer = Math.min(this.#longer * 2, maxLonger);
      if (this.over || (signal.aborted && signal.reason !== tooLate)) return;
      failed(dial.asked || error !== tooLate ? error : unprovided(dial, `within ${limit} ms`), attempt);
    } finally {
      clearTimeout(timer);
    }
  }

  // DIAL-RACE-1
  #win(): void {
    this.#won = true;
    this.#stop();
  }

  readonly #stop = (): void => {
    for (const { aborting } of [...this.#runners.values()].flat()) aborting.abort();
    this.#wake();
  };
}

function lateness(dial: Dialling): Error {
  const { server, asked, greeted } = dial;
  const { listen } = server;
  if (!asked) return unprovided(dial, "so far; still waiting");
  const text = greeted ? "greeted, and has not let this bus in so far" : "does not answer";
  return new DialTimeoutError(`${listen} ${text}; still waiting`);
}

function unprovided({ server: { listen } }: Dialling, when: string): CredentialsError {
  return new CredentialsError(`the credentials or certificates for ${listen} did not come ${when}`);
}
