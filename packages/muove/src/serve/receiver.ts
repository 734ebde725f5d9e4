import { timeLimited } from "../base/time-limit.js";
import type { LinkSubscription } from "../link/index.js";
import { measureDepth } from "../telemetry/depth.js";
import type { Backlog, Unfinished } from "./backlog.js";
import type { Subscriptions } from "./subscriptions.js";

/**
 * - `pending`: waits for a connection.
 * - `open`: the NATS server delivers to it.
 * - `forbidden`: NATS refuses the event, or at least one message of the mailbox: permissions, or a limit. It is tried
 *   again now and then.
 * - `draining`: accepts no more, finishes what it has.
 * - `closed`: done.
 */
export type ReceiverState = "pending" | "open" | "forbidden" | "draining" | "closed";

/**
 * The common part of a mailbox and a listener: subscriptions, and one backlog for all of their messages.
 *
 * RECEIVER-1 Messages admitted before `close()` are handled; later calls are refused as draining, never lost.
 * RECEIVER-2 If NATS refuses only other addresses of a mailbox, such as its tags, the mailbox still opens;
 *   `forbidden` lists them.
 * RECEIVER-3 When `close()` resolves, no handler is running that its result does not count, and nobody waits for one.
 */
export class Receiver {
  readonly #kind: "mailbox" | "listener";
  readonly #name: string;
  readonly #subscriptions: Subscriptions;
  readonly #backlog: Backlog;
  readonly #unlist: () => Promise<void>;
  readonly #stopMeasuring: () => void;
  #drained: Promise<void> | undefined;
  #closed = false;

  /**
   * @param name the mailbox, or the event of a listener with its mailbox.
   * @param unlist removes it from discovery and presence.
   */
  constructor(
    kind: "mailbox" | "listener",
    name: string,
    subscriptions: Subscriptions,
    backlog: Backlog,
    unlist: () => Promise<void> = async () => {},
  ) {
    this.#kind = kind;
    this.#name = name;
    this.#subscriptions = subscriptions;
    this.#backlog = backlog;
    this.#unlist = unlist;
    this.#stopMeasuring = measureDepth(name, backlog);
  }

  /** For people, such as `the mailbox pricing`. */
  get label(): string {
    return this.#kind === "mailbox" ? `the mailbox ${this.#name}` : `the listener to ${this.#name}`;
  }

  get state(): ReceiverState {
    if (this.#closed) return "closed";
    if (this.#drained !== undefined) return "draining";
    if (this.blockedBy.length > 0) return "forbidden";
    return this.#subscriptions.open ? "open" : "pending";
  }

  /** The forbidden subscriptions that keep it from opening. */
  get blockedBy(): readonly LinkSubscription[] {
    return this.#subscriptions.blockedBy;
  }

  /** All forbidden subjects (RECEIVER-2). */
  get forbidden(): readonly string[] {
    return this.#subscriptions.forbidden.map(({ subject }) => subject);
  }

  /** The state of the backlog. */
  get work(): Pick<Backlog, "waiting" | "running" | "stuck" | "capacity"> {
    return this.#backlog;
  }

  /**
   * Accepts no more messages and finishes those that it has, for at most `timeout` ms. It waits for handlers whose callers
   * gave up, too, until their own time is over, and for those of callers that still wait. Then it refuses the messages
   * that wait and interrupts the handlers that run. Never rejects. A second call can only shorten the time.
   */
  async close(timeout: number): Promise<Unfinished> {
    this.#drained ??= this.#drain();
    await timeLimited(this.#drained, timeout);
    const unfinished = await this.#backlog.interrupt();
    this.#closed = true;
    return unfinished;
  }

  async #drain(): Promise<void> {
    this.#backlog.stopTaking();
    await Promise.all([this.#unlist(), this.#subscriptions.drain()]);
    await this.#backlog.idle();
    await this.#subscriptions.drainCancellations();
    this.#stopMeasuring();
    this.#closed = true;
  }
}
