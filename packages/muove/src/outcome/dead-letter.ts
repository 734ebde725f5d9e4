/**
 * A cast or an event that reached nobody, as far as the sender can know. Each is an event on the sender's bus, and is
 * counted.
 */
export interface DeadLetter {
  readonly kind: "cast" | "event";
  readonly mailbox: string;
  readonly message: string;
  /**
   * The mailbox and message, such as `pricing.repriced`. Followed by `@` and the instance or the tags if it was
   * addressed to them.
   */
  readonly address: string;
  /** The input as the sender gave it. */
  readonly input: unknown;
  /**
   * - `absent`: nobody listens at that address. Never for an event, which may have no listeners.
   * - `unreachable`: there was no connection to NATS in the time that it could wait for one (`delivered: "no"`), or the
   *   connection was lost before delivery was confirmed (`"maybe"`).
   * - `forbidden`: the permissions of this service's NATS user refused it.
   * - The others: a durable cast is not known to be stored; see `NotStoredReason`.
   */
  readonly reason:
    | "absent"
    | "unreachable"
    | "forbidden"
    | "no-store"
    | "store-conflict"
    | "overloaded"
    | "timeout"
    | "expired"
    | "cancelled";
  readonly delivered: "no" | "maybe";
}
