import type { Connection } from "../connection/connection.js";

/** What a broker knows about one of its connections at one moment. */
export interface ConnectionInfo {
  /** As in the `client_id` of its INFO. */
  readonly id: number;
  /** What the client calls itself; "" if it has not said. */
  readonly name: string;
  /** The user that it introduced itself as; "" if it has not. */
  readonly user: string;
  /** Bytes that wait to be sent to it. */
  readonly pending: number;
  readonly subscriptions: readonly SubscriptionInfo[];
}

/** One subscription of a connection. */
export interface SubscriptionInfo {
  readonly subject: string;
  readonly queue: string | undefined;
  readonly sid: string;
}

const toText = (key: string): string => Buffer.from(key, "latin1").toString("utf8");

/** Describes a connection as it is now; what happens to it later does not change the description. */
export function describe(connection: Connection): ConnectionInfo {
  const subscriptions = [...connection.subscriptions.values()].map(({ subject, queue, sidKey }) => ({
    subject: toText(subject),
    queue: queue === undefined ? undefined : toText(queue),
    sid: toText(sidKey),
  }));
  const { name, user } = connection.options;
  return { id: connection.id, name, user, pending: connection.pending, subscriptions };
}
