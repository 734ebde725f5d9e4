import { measureDepth } from "../telemetry/depth.js";
import type { Backlog } from "./backlog.js";
import type { Subscriptions } from "./subscriptions.js";

/**
 * - `pending`: asked for; open as soon as there is a connection.
 * - `open`: the NATS server delivers to it.
 * - `forbidden`: the permissions of this service's NATS user refuse an event, or at least one message of a mailbox.
 * - `draining`: takes no more, finishes what it has.
 * - `closed`: done.
 */
export type ReceiverState = "pending" | "open" | "forbidden" | "draining" | "closed";

/**
 * What a mailbox and a listener have in common: doors, and one backlog for all that comes through them.
 *
 * O1 What was admitted before `drain()` is handled; a call that comes later is refused as draining, never lost.
 * O2 What the permissions refuse of a mailbox's other addresses takes nothing from the mailbox itself, and shows in `forbidden`.
 */
export class Receiver {
  readonly #kind: "mailbox" | "listener";
  readonly #name: string;
  readonly #subscriptions: Subscriptions;
  readonly #backlog: Backlog;
  readonly #endListing: () => Promise<void>;
  readonly #endMeasuring: () => void;
  #drained: Promise<void> | undefined;
  #closed = false;

  /**
   * @param name the mailbox's; of a listener, that of the event with its mailbox.
   * @param endListing takes it off wherever others find it.
   */
  constructor(
    kind: "mailbox" | "listener",
    name: string,
    subscriptions: Subscriptions,
    backlog: Backlog,
    endListing: () => Promise<void> = async () => {},
  ) {
    this.#kind = kind;
    this.#name = name;
    this.#subscriptions = subscriptions;
    this.#backlog = backlog;
    this.#endListing = endListing;
    this.#endMeasuring = measureDepth(name, backlog);
  }

  /** For people, such as `the mailbox pricing`. */
  get label(): string {
    return this.#kind === "mailbox" ? `the mailbox ${this.#name}` : `the listener to ${this.#name}`;
  }

  get state(): ReceiverState {
    if (this.#closed) return "closed";
    if (this.#drained !== undefined) return "draining";
    if (this.shut.length > 0) return "forbidden";
    return this.#subscriptions.open ? "open" : "pending";
  }

  /** The subjects that the permissions refuse, and without which it is not open. */
  get shut(): readonly string[] {
    return this.#subscriptions.shut;
  }

  /** All subjects that the permissions refuse (O2). */
  get forbidden(): readonly string[] {
    return this.#subscriptions.forbidden;
  }

  /** The backlog's figures. */
  get work(): Pick<Backlog, "waiting" | "running" | "stuck"> {
    return this.#backlog;
  }

  /** Takes no more messages and finishes those that it has, however long they take. */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  /** Refuses what still waits. Returns how many casts and events were lost by that. */
  abandon(): number {
    return this.#backlog.abandon();
  }

  async #drain(): Promise<void> {
    this.#backlog.stopTaking();
    await Promise.all([this.#endListing(), this.#subscriptions.drain()]);
    await this.#backlog.idle();
    await this.#subscriptions.drainCancellations();
    this.#endMeasuring();
    this.#closed = true;
  }
}
