import type { Credentials, CredentialsProvider } from "./credentials.js";
import type { TlsOptions } from "./tls.js";

/** Bounds, in ms, of the pause before a round of dials; see `Backoff`. */
export interface BackoffBounds {
  readonly min: number;
  readonly max: number;
}

/** The link does not validate these. Its caller does. */
export interface LinkOptions {
  /**
   * `nats://host:port`, `tls://host:port` or `host:port`; the port defaults to 4222. `user:pass@` or `token@` before
   * the host is used for that server, and for the servers that it announces, instead of `credentials`.
   */
  readonly servers: readonly string[];
  /** The connection's name on the server. */
  readonly name: string;
  /** A function is called at every dial, so that rotated credentials are picked up. */
  readonly credentials?: Credentials | CredentialsProvider;
  /** Even an empty object requires TLS for every server, as `tls://` does for one. */
  readonly tls?: TlsOptions;
  /**
   * ms between PINGs. A silent connection is given up when `maxPingsOut` of them are unanswered and the next one is
   * due: at the latest `pingInterval * (maxPingsOut + 1)` ms after the last received byte.
   */
  readonly pingInterval: number;
  readonly maxPingsOut: number;
  /**
   * ms for one address to accept, greet, authenticate and confirm all subscriptions. Doubles when a dial takes longer,
   * up to eight times as long, until one succeeds.
   */
  readonly dialTimeout: number;
  /**
   * ms that a dial has before the next one begins beside it; five times as long once the server has greeted. Also how
   * long a round waits for a name to resolve.
   */
  readonly headStart: number;
  /** Whether only the configured servers are dialled, and not those that they announce. */
  readonly ignoreDiscoveredServers: boolean;
  readonly backoff: BackoffBounds;
}

/** A silent connection is noticed within 9 s. A server that is back is found within a second. */
export const linkDefaults = {
  pingInterval: 3_000,
  maxPingsOut: 2,
  dialTimeout: 30_000,
  headStart: 1_000,
  ignoreDiscoveredServers: false,
  backoff: { min: 50, max: 1_000 },
} as const satisfies Partial<LinkOptions>;
