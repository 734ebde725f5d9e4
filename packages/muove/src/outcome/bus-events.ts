import type { Issue } from "@muove/contract";
import type { Events } from "../base/events.js";
import type { DeadLetter } from "./dead-letter.js";
import type { Degraded, Failed, NoAnswer } from "./outcome.js";

/** The events of a bus, by name. Per-message events are created only while they have listeners. */
export interface BusEvents {
  /** Connected to NATS, with every mailbox subscribed. */
  connected: { readonly server: string };
  /** The connection to NATS ended. The bus reconnects, without limit. */
  disconnected: { readonly reason: "lost" | "stale" | "closed"; readonly error?: Error };
  /** An attempt to connect failed. `kind` says whether the credentials were the reason. */
  connectFailed: {
    readonly error: Error;
    readonly attempt: number;
    readonly kind: "refused" | "credentials" | "timeout" | "other";
  };
  /** The NATS server announced that it will shut down. The bus moves to another server first, if there is one. */
  lameDuck: { readonly server: string };
  /** The permissions of this service's NATS user refused a subject. */
  forbidden: { readonly operation: "publish" | "subscribe"; readonly subject: string };
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
     * contract. `lost`: no instance came to its end with it.
     */
    readonly reason: "failed" | "buried" | "rejected" | "lost";
    /** The text of its last error. */
    readonly error: string;
    readonly tries: number;
  };
  /** A handler of this service threw. */
  crashed: { readonly address: string; readonly id: string; readonly error: unknown };
  /** The bus has closed. This is the last event. */
  closed: Record<never, never>;
}

/** Emits them. */
export type BusEmitter = Events<BusEvents>;
