import { clearTimeout, performance, setTimeout } from "../timers.js";

/** The time to the first ping in ms, as in nats-server, unless `pingInterval` is shorter. */
const firstPing = 2_000;
/**
 * The random share that the first ping is delayed by, so that clients that connected together are not pinged together.
 */
const firstPingSpread = 0.2;
/** Even an active client is pinged after this time, in ms, to measure the round trip. */
const measureEvery = 3_600_000;

export interface HeartbeatTarget {
  ping(): void;
  /** Too many pings were unanswered. */
  stale(): void;
}

/**
 * Pings a silent client, and gives it up if it does not answer.
 *
 * HEARTBEAT-1 No ping is sent if the client has published, subscribed or pinged within the interval, except for the
 *   first one and one per hour.
 * HEARTBEAT-2 A client is stale when a ping is due and `maxPingsOut` are unanswered.
 * HEARTBEAT-3 After `stop()` there is no timer, and none is started.
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

  /** A CONNECT came. The first ping follows soon. */
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
    // A ping can end the connection of a slow client, and a CONNECT can come in the same chunk as the data that ended
    // it.
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
