/** `connecting` until the first connection; `down` after one was lost; `closed` from the call of `close()` on. */
export type LinkState = "connecting" | "up" | "down" | "closed";

export interface LinkStatus {
  readonly state: LinkState;
  /** When the link entered this state (ms since the epoch). */
  readonly since: number;
  /** `host:port` of the current connection; absent unless up. */
  readonly server?: string;
  /** Why the link is not up, as far as it is known: the last dial that failed, or what ended the last connection. */
  readonly lastError?: Error;
  /** Dials since the link was last up, or began. */
  readonly attempts: number;
}
