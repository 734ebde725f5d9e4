import type { NodeConnectionOptions } from "@nats-io/transport-node";

/** What the server is shown at CONNECT. */
export type Credentials = { readonly user: string; readonly pass: string } | { readonly token: string };

/** The TLS options of the client, plus the name that a server's certificate must carry. */
export type LinkTls = NonNullable<NodeConnectionOptions["tls"]> & { readonly servername?: string };

/** The bounds, in ms, of the pause before a round of dials; see `Backoff`. */
export interface BackoffBounds {
  readonly min: number;
  readonly max: number;
}

/** The link takes these as they are: whoever makes a link validates them first. */
export interface LinkOptions {
  /**
   * `nats://host:port`, `tls://host:port` or `host:port`; the port defaults to 4222. `user:pass@` or `token@` in front
   * of the host is used for that server, and for the ones that it gossips, in place of `credentials`.
   */
  readonly servers: readonly string[];
  /** The name under which the server lists the connection. */
  readonly name: string;
  /** A function is asked anew at every dial, so that rotated credentials are taken up. */
  readonly credentials?: Credentials | (() => Credentials);
  /** Even an empty object demands TLS of every server, as `tls://` does of one. */
  readonly tls?: LinkTls;
  /**
   * ms between PINGs. A connection that went silent is given up when `maxPingsOut` of them are unanswered and the next
   * one is due: at the latest `pingInterval * (maxPingsOut + 1)` ms after the last byte that came.
   */
  readonly pingInterval: number;
  readonly maxPingsOut: number;
  /** ms for one address to accept, greet and authenticate; and again for it to take all subscriptions. */
  readonly dialTimeout: number;
  readonly backoff: BackoffBounds;
}

/** Silence is noticed within 9 s; a server that is back is found within a second. */
export const linkDefaults = {
  pingInterval: 3_000,
  maxPingsOut: 2,
  dialTimeout: 2_000,
  backoff: { min: 50, max: 1_000 },
} as const satisfies Partial<LinkOptions>;
