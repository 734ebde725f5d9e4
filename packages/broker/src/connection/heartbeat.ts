/** nats-server pings a client for the first time after this long, in ms, if `pingInterval` is not shorter. */
const firstPing = 2_000;
/** The first ping comes up to this part later, so that clients which came together are not pinged together. */
const firstPingSpread = 0.2;
/** After this long, in ms, a client is pinged however lively it is, to measure the round trip. */
const measureEvery = 3_600_000;

export interface HeartbeatTarget {
  ping(): void;
  /** As many pings as allowed went unanswered. */
  stale(): void;
}

/**
 * Pings a silent client, and gives it up when it does not answer.
 *
 * HEARTBEAT-1 No ping is sent while the client has published, subscribed or pinged within the interval, except the
 *   first one and one in an hour.
 * HEARTBEAT-2 A client is stale when a ping is due and `maxPingsOut` are unanswered.
 * HEARTBEAT-3 After `stop()` there is no timer, and none is started any more.
 */
export class Heartbeat {
  readonly #target: HeartbeatTarget;
  readonly #interval: number;
  readonly #maxOut: number;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #out = 0;
  #lastActivity = performance.now();
  #lastPingFromClient = Number.NEGATIVE_INFINITY;
  #lastPingSent = Number.NEGATIVE_INFINITY;

  constructor(target: HeartbeatTarget, interval: number, maxOut: number) {
    this.#target = target;
    this.#interval = interval;
    this.#maxOut = maxOut;
  }

  start(): void {
    this.#arm(this.#interval);
  }

  /** A CONNECT came: the first ping follows soon. */
  connected(): void {
    this.active();
    const first = Math.min(this.#interval, firstPing);
    this.#arm(first * (1 + firstPingSpread * Math.random()));
  }

  /** The client published or changed its subscriptions. */
  active(): void {
    this.#lastActivity = performance.now();
  }

  pinged(): void {
    this.#lastPingFromClient = performance.now();
  }

  ponged(): void {
    this.#out = 0;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(delay: number): void {
    clearTimeout(this.#timer);
    // A ping can end the connection of a slow client; a CONNECT can come in one chunk with what has ended it.
    if (!this.#stopped) this.#timer = setTimeout(() => this.#due(), delay);
  }

  #due(): void {
    if (this.#needed()) {
      if (this.#out + 1 > this.#maxOut) {
        this.#target.stale();
        return;
      }
      this.#out++;
      this.#lastPingSent = performance.now();
      this.#target.ping();
    }
    this.#arm(this.#interval);
  }

  #needed(): boolean {
    const now = performance.now();
    if (now - this.#lastPingSent > measureEvery) return true;
    return now - Math.max(this.#lastActivity, this.#lastPingFromClient) >= this.#interval;
  }
}
