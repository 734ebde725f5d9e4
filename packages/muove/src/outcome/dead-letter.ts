/**
 * A cast, or an event, that reached nobody, as far as the sender can know. Each is an event on the sender's bus, and
 * counted.
 */
export interface DeadLetter {
  readonly kind: "cast" | "event";
  readonly mailbox: string;
  readonly message: string;
  /**
   * The mailbox and message, such as `pricing.repriced`; with `@` and the instance or the tags where it was for these.
   */
  readonly address: string;
  /** The input as it was given. */
  readonly input: unknown;
  /**
   * - `absent`: nobody listens at that address. Never for an event, which is for whoever is there.
   * - `unreachable`: no connection to NATS, not in the time that it could wait for one either (`delivered: "no"`); or
   *   it was lost before it was known to be through (`"maybe"`).
   * - `forbidden`: the permissions of this service's NATS user refused it.
   */
  readonly reason: "absent" | "unreachable" | "forbidden";
  readonly delivered: "no" | "maybe";
}
