import { optionProblems, rules } from "@muove/contract/internal";
import type { Logger } from "pino";
import { Events, safeListener } from "../base/events.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Member } from "./member.js";
import type { Departure } from "./roster.js";
import type { Watch, Watcher } from "./watch.js";

/**
 * An instance is not there any more:
 *
 * - `closed`: it said goodbye, and when it was asked that was true. It takes no more messages, and finishes those that
 *   it has.
 * - `gone`: it listens no more, without a goodbye: its process was killed, or its connection was lost.
 * - `silent`: it listens, and did not say a word for some 3 s: it hangs. When it is heard again it is `up` again.
 *
 * Or nobody was there to begin with: `absent`, without an instance. That is Erlang's rule: who monitors what is not
 * there is told at once.
 */
export type Down =
  | (Member & { readonly reason: Departure })
  | { readonly reason: "absent"; readonly instance?: undefined; readonly service?: undefined };

interface MonitorEvents {
  up: Member;
  down: Down;
}

/**
 * Watches who serves a mailbox. Made by `bus.monitor()`.
 *
 * MONITOR-1 Whoever listens hears of all that are there by then, and then of every change.
 * MONITOR-2 Erlang's rule: when nobody is there to begin with, whoever listens first is told `absent`, once.
 */
export class Monitor {
  readonly #watch: Watch;
  readonly #log: Logger;
  readonly #events: Events<MonitorEvents>;
  readonly #release: () => void;
  #nobody: "unknown" | "to be told" | "told" = "unknown";
  #stopped = false;

  constructor(watch: Watch, log: Logger) {
    this.#watch = watch;
    this.#log = log;
    this.#events = new Events(log);
    this.#release = watch.hold(this.#watcher);
    if (watch.settled) this.#look();
  }

  /**
   * Listens: `up` tells of each instance that is there, now or later, and `down` of each that is not any more. Returns
   * what ends the listening. A listener that throws is logged and disturbs nobody.
   */
  on<Name extends keyof MonitorEvents>(name: Name, listener: (event: MonitorEvents[Name]) => void): () => void {
    let end = (): void => {};
    let ended = false;
    queueMicrotask(() => {
      if (ended || this.#stopped) return;
      end = this.#events.on(name, listener);
      if (name === "up") this.#catchUp(safeListener(listener as (event: Member) => void, name, this.#log));
      else this.#tellOfNobody();
    });
    return () => {
      ended = true;
      end();
    };
  }

  /**
   * Who is there, as far as is known, and no more than 4,096. Without a connection, and after `stop()`, as it was
   * before.
   */
  get instances(): readonly Member[] {
    return this.#watch.roster.members;
  }

  /** Whether all who are there are known: not at first, and not without a connection. */
  get settled(): boolean {
    return this.#watch.settled;
  }

  /**
   * Resolves to whether it is settled: as soon as it is, or after `timeout` ms (default 1,000), or when it cannot be
   * since permissions refuse it. Never rejects.
   *
   * @throws InvalidOptions
   */
  whenSettled(options: { readonly timeout?: number | undefined } = {}): Promise<boolean> {
    const problems = optionProblems(options, { timeout: rules.milliseconds });
    if (problems.length > 0) throw new InvalidOptions("The options of whenSettled()", problems);
    return this.#watch.known(options.timeout ?? 1_000);
  }

  /** Ends it: no more events. May be called again. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#release();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #catchUp(tell: (member: Member) => void): void {
    for (const member of this.#watch.roster.members) tell(member);
  }

  /** It is known who is there. MONITOR-2 is about the beginning: whoever goes later goes with a `down` of its own. */
  #look(): void {
    if (this.#nobody !== "unknown") return;
    this.#nobody = this.#watch.roster.size === 0 ? "to be told" : "told";
    this.#tellOfNobody();
  }

  #tellOfNobody(): void {
    if (this.#nobody !== "to be told" || !this.#events.heard("down")) return;
    this.#nobody = "told";
    if (this.#watch.roster.size === 0) this.#events.emit("down", { reason: "absent" });
  }

  readonly #watcher: Watcher = {
    up: (member) => this.#events.emit("up", member),
    down: (member, reason) => this.#events.emit("down", { ...member, reason }),
    settled: () => this.#look(),
  };
}
