import type { Mailbox } from "@muove/contract";
import { clearTimeout, performance, setTimeout, sleep, wallClock } from "../base/timers.js";
import type { NatsMessage } from "../link/index.js";
import { instanceSubject, presenceSubject, watchToken } from "../wire/subjects.js";
import { Leases } from "./leases.js";
import type { Member } from "./member.js";
import type { PresenceEnvironment } from "./presence-environment.js";
import { beatOf, cardOf, goodbyeOf, helloOf, readWatch } from "./signs.js";

// docs/protocol.md, clauses W-1 to W-4.

/** How long receivers of a goodbye have to confirm it, in ms: a round trip to anywhere. */
const farewell = 250;

/**
 * Announces that this instance serves a mailbox.
 *
 * PRESENCE-1 While nobody monitors, it sends only a hello on every new connection, and a goodbye.
 * PRESENCE-2 After the goodbye it sends only answers to queries, which say that it is leaving.
 */
export class Presence {
  readonly #env: PresenceEnvironment;
  readonly #mailbox: Mailbox;
  readonly #subject: string;
  readonly #since = wallClock();
  readonly #leases = new Leases();
  readonly #stopGreeting: () => void;
  #beat: { readonly timer: NodeJS.Timeout; readonly interval: number } | undefined;
  #left = false;

  /** The mailbox must take messages by then. */
  constructor(env: PresenceEnvironment, mailbox: Mailbox) {
    this.#env = env;
    this.#mailbox = mailbox;
    this.#subject = presenceSubject(env.prefix, mailbox.name, env.service, env.instance);
    this.#stopGreeting = env.events.on("connected", () => this.#say(helloOf));
    this.#say(helloOf);
  }

  /** Answers a presence query, and sends beats to its sender from now on. */
  watched(message: NatsMessage): void {
    const { reply, origin } = message;
    const { answers } = this.#env;
    if (!answers.mayGoTo(reply)) return;
    if (reply !== "") answers.send(origin, reply, cardOf(this.#member, this.#left), "");
    const pulse = this.#left ? undefined : readWatch(message);
    if (pulse === undefined) return;
    this.#leases.take(pulse, performance.now());
    this.#schedule();
  }

  /**
   * Announces that it takes no more messages. Resolves when its monitors, if any, had time to confirm that. They may
   * have to ask, because the server does not report "no responders" while somebody listens to all subjects.
   */
  async leave(): Promise<void> {
    if (this.#left) return;
    const listenedTo = this.#leases.interval(performance.now()) !== undefined;
    this.#say(goodbyeOf);
    this.#left = true;
    this.#stopGreeting();
    clearTimeout(this.#beat?.timer);
    if (listenedTo && this.#env.link.up) await this.#answerDoubts();
  }

  async #answerDoubts(): Promise<void> {
    const { link, prefix, instance } = this.#env;
    const questions = instanceSubject(prefix, this.#mailbox.name, instance, watchToken);
    const subscription = link.subscribe(questions, { receive: (message) => this.watched(message) });
    await sleep(farewell);
    await subscription.drain();
  }

  get #member(): Member {
    const { instance, service, tags, peers } = this.#env;
    const { version } = this.#mailbox;
    return { instance, service, version, tags, since: this.#since, degraded: peers.missing().length > 0 };
  }

  #say(sign: (member: Member) => Uint8Array): void {
    this.#env.link.publish(this.#subject, sign(this.#member));
  }

  /** Spread by a tenth, so that instances that started together do not beat together. */
  #schedule(): void {
    const interval = this.#leases.interval(performance.now());
    if (this.#beat !== undefined && (interval === undefined || this.#beat.interval <= interval)) return;
    clearTimeout(this.#beat?.timer);
    this.#beat = undefined;
    if (interval === undefined) return;
    const timer = setTimeout(this.#next, interval * (0.9 + Math.random() / 10));
    this.#beat = { timer, interval };
  }

  readonly #next = (): void => {
    this.#beat = undefined;
    if (this.#leases.interval(performance.now()) !== undefined) this.#say(beatOf);
    this.#schedule();
  };
}
