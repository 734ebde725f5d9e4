import type { Connection } from "../connection/connection.js";

/** A snapshot of a connection. */
export interface ConnectionInfo {
  /** The `client_id` in its INFO. */
  readonly id: number;
  /** The client's name, or "". */
  readonly name: string;
  /** The user that it authenticated as, or "". */
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

/** Takes a snapshot of a connection. */
export function describe(connection: Connection): ConnectionInfo {
  const subscriptions = [...connection.subscriptions.values()].map(({ subject, queue, sidKey }) => ({
    subject: toText(subject),
    queue: queue === undefined ? undefined : toText(queue),
    sid: toText(sidKey),
  }));
  const { name, user } = connection.options;
  return { id: connection.id, name, user, pending: connection.pending, subscriptions };
}
