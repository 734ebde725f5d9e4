/** `connecting` until the first connection, `down` after one was lost, `closed` once `close()` was called. */
export type LinkState = "connecting" | "up" | "down" | "closed";

export interface LinkStatus {
  readonly state: LinkState;
  /** When the link entered this state (ms since the epoch). */
  readonly since: number;
  /** `host:port` of the current connection. Absent unless up. */
  readonly server?: string;
  /** Why the link is not up, if known: the last failed dial, or what ended the last connection. */
  readonly lastError?: Error;
  /** Dials since the link was last up, or started. */
  readonly attempts: number;
}
