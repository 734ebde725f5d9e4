import type { DialFailure } from "./dial-failure.js";

/**
 * `lost`: the connection was cut, or the server ended it. `stale`: it went silent and was given up. `closed`: we closed
 * it ourselves. Whatever was published and not confirmed by a fence may or may not have arrived.
 */
export interface WhyDown {
  readonly reason: "lost" | "stale" | "closed";
  readonly error?: Error;
}

export interface Violation {
  readonly operation: "publish" | "subscribe";
  readonly subject: string;
  readonly queue?: string;
}

/**
 * What a link tells its owner. All calls are synchronous, made after the link's own state has changed, and may use the
 * link. An observer that throws breaks nothing; what it threw goes to `fault`.
 */
export interface LinkObserver {
  /**
   * Connected to `server` (`host:port`), with everything subscribed and confirmed. Comes without a `down` before it
   * when the link moved away from a server in lame duck mode.
   */
  up(server: string): void;
  /** The connection is gone: once per `up`, as soon as this process can know. What is in flight ends now. */
  down(why: WhyDown): void;
  /** Dial number `attempt` since the link was last up (or began) failed. The link goes on dialling. */
  dialFailed(error: Error, attempt: number, kind: DialFailure): void;
  /**
   * The server refused a publish or a subscription. It is told before a fence that was asked for after that publish
   * resolves. A subscription is tried again, and reported again, on every new connection.
   */
  forbidden(violation: Violation): void;
  /** `server` announced that it will shut down. The link moves away while the old connection goes on working. */
  lameDuck(server: string): void;
  /** Something was caught that has no outcome of its own: a `receive` or an observer threw, the server complained. */
  fault?(error: Error, subject?: string): void;
}

/** The same observer, unable to throw. */
export function safeObserver(observer: LinkObserver): Required<LinkObserver> {
  const fault = (error: Error, subject?: string) => {
    try {
      observer.fault?.(error, subject);
    } catch {
      // There is nobody left to tell.
    }
  };
  const guard = (tell: () => void) => {
    try {
      tell();
    } catch (error) {
      fault(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return {
    up: (server) => guard(() => observer.up(server)),
    down: (why) => guard(() => observer.down(why)),
    dialFailed: (error, attempt, kind) => guard(() => observer.dialFailed(error, attempt, kind)),
    forbidden: (violation) => guard(() => observer.forbidden(violation)),
    lameDuck: (server) => guard(() => observer.lameDuck(server)),
    fault,
  };
}
