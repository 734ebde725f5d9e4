/** A cast that reached nobody, as far as the sender can know. Each is an event on the sender's bus, and counted. */
export interface DeadLetter {
  readonly mailbox: string;
  readonly message: string;
  /** The input as it was given. */
  readonly input: unknown;
  /**
   * - `absent`: nobody listens at that address.
   * - `unreachable`: no connection to NATS, not in the time that the cast could wait for one either (`delivered: "no"`); or
   *   it was lost before the cast was known to be through (`"maybe"`).
   * - `forbidden`: the permissions of this service's NATS user refused it.
   */
  readonly reason: "absent" | "unreachable" | "forbidden";
  readonly delivered: "no" | "maybe";
}
