import type { Issue } from "@muove/contract";
import { describe } from "@muove/contract/internal";
import type { Events } from "../base/events.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { DeadLetter } from "./dead-letter.js";
import type { Degraded, Failed, NoAnswer } from "./outcome.js";

/** The events of a bus, by name. Per-message events are created only while they have listeners. */
export interface BusEvents {
  /** Connected to NATS, with every mailbox subscribed. */
  connected: { readonly server: string };
  /** The connection to NATS ended. The bus reconnects, without limit. */
  disconnected: { readonly reason: "lost" | "stale" | "closed"; readonly error?: Error };
  /**
   * An attempt to connect failed, or is not done after its first seconds and goes on (`timeout`, `unresolved`). `kind`
   * says whether credentials or certificates were the reason.
   */
  connectFailed: {
    readonly error: Error;
    readonly attempt: number;
    readonly kind: "refused" | "unresolved" | "credentials" | "tls" | "timeout" | "other";
  };
  /** The NATS server announced that it will shut down. The bus moves to another server first, if there is one. */
  lameDuck: { readonly server: string };
  /**
   * NATS refused a subject: the permissions of this service's user, or the limit of subscriptions of its connection. A
   * subscription is tried again, within a second at first, and at least every 30 s, until it is `allowed`.
   */
  forbidden: {
    readonly operation: "publish" | "subscribe";
    readonly subject: string;
    readonly reason: "permissions" | "limit";
  };
  /** NATS took a subscription that was `forbidden`. */
  allowed: { readonly subject: string };
  /** A cast or an event of a mailbox reached nobody, as far as the sender can know. */
  deadLetter: DeadLetter;
  /**
   * A call ended with anything but `ok`: once for each call, whatever its retries, and before its fallbacks are asked.
   * A call to everyone has one for each instance. `failed` is an answer, and is here, too.
   */
  outcome: { readonly address: string; readonly outcome: Failed<unknown> | NoAnswer };
  /** A fallback answered in place of a mailbox. */
  degraded: { readonly address: string; readonly outcome: Degraded<unknown> };
  /**
   * Calls to an address keep timing out, although they had at least half of the contract's timeout. From now on, calls
   * with at least as much end at once as `circuit-open`, except for a trial call now and then. (Calls with less time are
   * refused without an event when others with about as little keep timing out.)
   */
  circuitOpened: { readonly address: string };
  /** A trial call to an address with an open circuit was answered, so all calls are sent again. */
  circuitClosed: { readonly address: string };
  /** This service refused a message or an event because it breaks the contract. */
  rejected: { readonly address: string; readonly issues: readonly Issue[]; readonly from: string | undefined };
  /** A step around handlers refused a message, in these words. `from` is who sent it, as that claims. */
  refused: { readonly address: string; readonly text: string; readonly from: string | undefined };
  /**
   * A caller says that it could not read a reply of this service, or of another instance of the mailbox, because its
   * contract differs. `fields` says where, such as `total.cents`, or `(root)` for all of it. A caller says so with a
   * later call to the same address, at most once in 10 s.
   */
  unreadableReply: {
    readonly address: string;
    readonly fields: readonly string[];
    readonly from: string | undefined;
  };
  /** A letter of a mailbox that this service serves is dead: it lies among the dead letters of that mailbox. */
  buried: {
    readonly address: string;
    readonly id: string;
    /**
     * `failed`: it was tried as often as its contract says. `buried`: its handler said so. `rejected`: it breaks the
     * contract. `refused`: a step around its handler refused it. `lost`: no instance came to its end with it.
     */
    readonly reason: "failed" | "buried" | "rejected" | "refused" | "lost";
    /** The text of its last error. */
    readonly error: string;
    readonly tries: number;
  };
  /** A handler of this service threw. */
  crashed: { readonly address: string; readonly id: string; readonly error: unknown };
  /** The bus has closed. This is the last event. */
  closed: Record<never, never>;
}

const names: Readonly<Record<keyof BusEvents, true>> = {
  connected: true,
  disconnected: true,
  connectFailed: true,
  lameDuck: true,
  forbidden: true,
  allowed: true,
  deadLetter: true,
  outcome: true,
  degraded: true,
  circuitOpened: true,
  circuitClosed: true,
  rejected: true,
  refused: true,
  unreadableReply: true,
  buried: true,
  crashed: true,
  closed: true,
};

/** @throws InvalidOptions for a name that is no event's, or a listener that is no function. */
export function checkListener(name: string, listener: unknown): void {
  const known = Object.hasOwn(names, name);
  const problems = known
    ? []
    : [`${describe(name)} is not an event of a bus: those are ${Object.keys(names).join(", ")}`];
  if (typeof listener !== "function") problems.push(`it must be a function, not ${describe(listener)}`);
  if (problems.length > 0) throw new InvalidOptions("This listener", problems);
}

/** Emits them. */
export type BusEmitter = Events<BusEvents>;
