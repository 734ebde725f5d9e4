import type { User } from "../access/authenticator.js";
import type { PermissionRules } from "../access/rules.js";

/** Who may connect: one user, every client with a token, or several users. */
export type AuthOptions =
  | { readonly user: string; readonly pass: string; readonly permissions?: PermissionRules }
  | { readonly token: string }
  | { readonly users: readonly User[] };

/** How JetStream is run. */
export interface JetStreamOptions {
  /**
   * Most bytes of memory for streams, by an estimate: their messages, and what is known of them. More are refused.
   * Default 268,435,456.
   */
  readonly maxBytes?: number;
  /**
   * A folder where streams outlive the process, also if it is killed; no other broker may use it. Default: they are
   * gone when the broker closes.
   */
  readonly folder?: string | undefined;
}

/** Options of a broker. Times are in milliseconds, sizes in bytes. The defaults are those of nats-server. */
export interface BrokerOptions {
  /** Default 4222. 0 takes any free port; `broker.port` has the number. */
  readonly port?: number;
  /** The address to listen on. Default `127.0.0.1`, which other machines cannot reach. */
  readonly host?: string;
  /** Default `muove-broker`. */
  readonly serverName?: string;
  /** Default: every client may connect. */
  readonly auth?: AuthOptions;
  /** The permissions of users without their own. Default: everything is allowed. */
  readonly permissions?: PermissionRules;
  /** Largest message, header included. A larger one ends the connection. Default 1,048,576. */
  readonly maxPayload?: number;
  /** Longest line of arguments. A longer one ends the connection. Default 4,096. */
  readonly maxControlLine?: number;
  /** Default 65,536. */
  readonly maxConnections?: number;
  /** Most bytes that may wait for one connection. A connection with more is closed. Default 67,108,864. */
  readonly maxPending?: number;
  /**
   * Most bytes held for all connections together: data waiting for them, and parts of incomplete messages. Beyond that,
   * the connections with the most held bytes are closed. Default 268,435,456.
   */
  readonly maxHeld?: number;
  /** Most subscriptions of one connection. More are refused. Default 100,000. */
  readonly maxSubscriptions?: number;
  /** Most bytes of memory for all subscriptions together, by an estimate. More are refused. Default 268,435,456. */
  readonly maxSubscriptionMemory?: number;
  /** Keeps streams. Default false. */
  readonly jetStream?: boolean | JetStreamOptions;
  /** A client that is silent for this long is pinged. Default 120,000. */
  readonly pingInterval?: number;
  /** Pings that may be unanswered. When one more is due, the connection is closed. Default 2. */
  readonly maxPingsOut?: number;
  /** A connection that takes longer than this to accept sent data is closed. Default 10,000. */
  readonly writeDeadline?: number;
  /** With `auth`, a client that has not authenticated after this long is closed. Default 2,000. */
  readonly authTimeout?: number;
  /** The duration of lame duck mode, grace period included. Default 120,000. */
  readonly lameDuckDuration?: number;
  /** How long lame duck mode waits before it closes the first connection. Default 10,000. */
  readonly lameDuckGracePeriod?: number;
}
