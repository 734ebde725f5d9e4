import { optionProblems, rules } from "@muove/contract/internal";
import { Events, safeListener } from "../base/events.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Logger } from "../base/logger.js";
import { queueMicrotask } from "../base/timers.js";
import type { Member } from "./member.js";
import type { Departure } from "./roster.js";
import type { Watch, Watcher } from "./watch.js";

/**
 * An instance is gone:
 *
 * - `closed`: it said goodbye, and confirmed that. It takes no more messages, and finishes those that it has.
 * - `gone`: it no longer listens, without a goodbye: its process was killed, or its connection was lost.
 * - `silent`: it listens but was silent for about 3 s: it hangs. When it is heard again it is `up` again.
 *
 * Or no instance was there at the start: `absent`, without an instance. As in Erlang, a monitor of something that does
 * not exist is told at once.
 */
export type Down =
  | (Member & { readonly reason: Departure })
  | { readonly reason: "absent"; readonly instance?: undefined; readonly service?: undefined };

interface MonitorEvents {
  up: Member;
  down: Down;
}

/**
 * Watches which instances serve a mailbox. Created by `bus.monitor()`.
 *
 * MONITOR-1 A listener is told of all instances that are there, and then of every change.
 * MONITOR-2 As in Erlang: if no instance is there at the start, the first listener is told `absent`, once.
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
   * Adds a listener. `up` reports each instance that is there, now or later, and `down` each that is gone. Returns a
   * function that removes the listener. An error in a listener is logged and affects nobody else.
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

  /** The known instances, at most 4,096. Without a connection, and after `stop()`, the last known ones. */
  get instances(): readonly Member[] {
    return this.#watch.roster.members;
  }

  /** Whether all instances are known. False at first, and without a connection. */
  get settled(): boolean {
    return this.#watch.settled;
  }

  /**
   * Resolves to whether it is settled: as soon as it is, after `timeout` ms (default 1,000), or when permissions refuse
   * it. Never rejects.
   *
   * @throws InvalidOptions
   */
  whenSettled(options: { readonly timeout?: number | undefined } = {}): Promise<boolean> {
    const problems = optionProblems(options, { timeout: rules.milliseconds });
    if (problems.length > 0) throw new InvalidOptions("The options of whenSettled()", problems);
    return this.#watch.known(options.timeout ?? 1_000);
  }

  /** Stops monitoring: no more events. Safe to call again. */
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

  /** The instances are known. MONITOR-2 is about the start only: an instance that leaves later has its own `down`. */
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
