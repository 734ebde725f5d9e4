import type { User } from "../access/authenticator.js";
import type { PermissionRules } from "../access/rules.js";

/** Who may connect: one user, whoever knows a token, or several users. */
export type AuthOptions =
  | { readonly user: string; readonly pass: string; readonly permissions?: PermissionRules }
  | { readonly token: string }
  | { readonly users: readonly User[] };

/** How to run the broker. Times are in milliseconds, sizes in bytes; the defaults are nats-server's. */
export interface BrokerOptions {
  /** Default 4222; 0 takes any port that is free, which `broker.port` then tells. */
  readonly port?: number;
  /** The address to listen on. Default `127.0.0.1`, so that nobody else on the network can connect. */
  readonly host?: string;
  /** Default `muove-broker`. */
  readonly serverName?: string;
  /** Default: everybody may connect. */
  readonly auth?: AuthOptions;
  /** What a connection may do whose user has no permissions of its own. Default: everything. */
  readonly permissions?: PermissionRules;
  /** Largest message, header included. What is larger ends the connection. Default 1,048,576. */
  readonly maxPayload?: number;
  /** Longest line of arguments. What is longer ends the connection. Default 4,096. */
  readonly maxControlLine?: number;
  /** Default 65,536. */
  readonly maxConnections?: number;
  /** Most bytes that may wait for one connection; one that is further behind is closed. Default 67,108,864. */
  readonly maxPending?: number;
  /**
   * Most bytes that may be held for all connections together: what waits for them, and what has come of messages that
   * are not complete. When it is more, those for which most is held are closed. Default 268,435,456.
   */
  readonly maxHeld?: number;
  /** Subscriptions of one connection; one more is refused. Default 100,000. */
  readonly maxSubscriptions?: number;
  /**
   * Bytes of memory that all subscriptions together may take, by an estimate; one more is refused. Default 268,435,456.
   */
  readonly maxSubscriptionMemory?: number;
  /** After this long without a word a client is pinged. Default 120,000. */
  readonly pingInterval?: number;
  /** Pings that may be unanswered; with one more due, the connection is closed. Default 2. */
  readonly maxPingsOut?: number;
  /** A connection that takes longer than this to take what is sent to it is closed. Default 10,000. */
  readonly writeDeadline?: number;
  /** With `auth`, a client that has not introduced itself after this long is closed. Default 2,000. */
  readonly authTimeout?: number;
  /** How long lame duck mode takes, grace period included. Default 120,000. */
  readonly lameDuckDuration?: number;
  /** How long lame duck mode waits before it closes the first connection. Default 10,000. */
  readonly lameDuckGracePeriod?: number;
}
