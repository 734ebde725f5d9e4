import type { DialFailure } from "./dial-failure.js";
import type { Origin } from "./publication.js";
import type { RefusalReason } from "./refusal.js";

/**
 * `lost`: the connection was cut, or the server ended it. `stale`: it was silent for too long. `closed`: we closed it.
 * Messages that no fence has confirmed may or may not have arrived.
 */
export interface WhyDown {
  readonly reason: "lost" | "stale" | "closed";
  readonly error?: Error;
}

/** A subscription, as the server knows it. */
export interface SubscriptionName {
  readonly subject: string;
  readonly queue?: string;
}

export interface Violation extends SubscriptionName {
  readonly operation: "publish" | "subscribe";
  readonly reason: RefusalReason;
}

/**
 * What a link reports. Calls are synchronous, come after the link's state has changed, and may use the link. If an
 * observer throws, nothing breaks; the error goes to `fault`.
 */
export interface LinkObserver {
  /**
   * Connected to `server` (`host:port`), with every subscription confirmed. There is no `down` before it when the link
   * moved away from a server in lame duck mode.
   */
  up(server: string): void;
  /** The connection is gone. Called once per `up`, as soon as this process can know. Everything in flight ends now. */
  down(why: WhyDown): void;
  /**
   * Dial number `attempt` since the link was last up (or started) failed, or has had its head start and goes on beside
   * the next one: the same attempt may be reported again when it fails. The link keeps dialling.
   */
  dialFailed(error: Error, attempt: number, kind: DialFailure): void;
  /**
   * The server refused a publish or a subscription, or took a subscription away. For a publish, this is called before
   * any later fence resolves. A subscription is tried again now and then, and on every new connection, and reported again
   * only after it was `allowed`, or for another reason.
   */
  forbidden(violation: Violation): void;
  /** The server took a subscription that was `forbidden`. */
  allowed(subscription: SubscriptionName): void;
  /**
   * `server` announced that it will shut down. The link moves to another one while the old connection keeps working.
   */
  lameDuck(server: string): void;
  /**
   * Whether an answer to a request that came by this connection is still due. After a move, the old connection stays
   * open until none is, or its server ends it. Default: none is.
   */
  owes?(origin: Origin): boolean;
  /** An error that no call reports: a `receive` or an observer threw, or the server sent an error. */
  fault?(error: Error, subject?: string): void;
}

/** Wraps an observer so that it never throws. */
export function safeObserver(observer: LinkObserver): Required<LinkObserver> {
  const fault = (error: Error, subject?: string) => {
    try {
      observer.fault?.(error, subject);
    } catch {
      // There is nowhere left to report it.
    }
  };
  const guard = <T>(tell: () => T): T | undefined => {
    try {
      return tell();
    } catch (error) {
      fault(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  };
  return {
    up: (server) => guard(() => observer.up(server)),
    down: (why) => guard(() => observer.down(why)),
    dialFailed: (error, attempt, kind) => guard(() => observer.dialFailed(error, attempt, kind)),
    forbidden: (violation) => guard(() => observer.forbidden(violation)),
    allowed: (subscription) => guard(() => observer.allowed(subscription)),
    lameDuck: (server) => guard(() => observer.lameDuck(server)),
    owes: (origin) => guard(() => observer.owes?.(origin)) ?? false,
    fault,
  };
}
