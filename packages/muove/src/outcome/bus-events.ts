import type { Issue } from "@muove/contract";
import type { Events } from "../base/events.js";
import type { DeadLetter } from "./dead-letter.js";
import type { Degraded } from "./outcome.js";

/** The events of a bus, by name. Those that come per message are made only while somebody listens. */
export interface BusEvents {
  /** Connected to NATS, with every mailbox asked for. */
  connected: { readonly server: string };
  /** The connection to NATS ended; it is dialled again, forever. */
  disconnected: { readonly reason: "lost" | "stale" | "closed"; readonly error?: Error };
  /** An attempt to connect failed; `kind` says when it is the credentials. */
  connectFailed: {
    readonly error: Error;
    readonly attempt: number;
    readonly kind: "refused" | "credentials" | "timeout" | "other";
  };
  /** The NATS server announced that it will go; the bus moves to another one first, where there is one. */
  lameDuck: { readonly server: string };
  /** The permissions of this service's NATS user refused a subject. */
  forbidden: { readonly operation: "publish" | "subscribe"; readonly subject: string };
  /** A cast, or an event of a mailbox, that reached nobody, as far as can be known. */
  deadLetter: DeadLetter;
  /** A fallback answered in place of a mailbox. */
  degraded: { readonly address: string; readonly outcome: Degraded<unknown> };
  /** An address only times out, so calls to it end at once as `circuit-open`, but for one now and then that tries. */
  circuitOpened: { readonly address: string };
  /** An address that was spared answers again. */
  circuitClosed: { readonly address: string };
  /** A message for a mailbox served here, or an event listened to, was refused, since it breaks the contract. */
  rejected: { readonly address: string; readonly issues: readonly Issue[]; readonly from: string | undefined };
  /** A handler of a mailbox served here, or of an event, threw. */
  crashed: { readonly address: string; readonly id: string; readonly error: unknown };
  /** The bus has closed; the last event. */
  closed: Record<never, never>;
}

/** What tells of them. */
export type BusEmitter = Events<BusEvents>;
