import { clearTimeout, performance, setImmediate, setTimeout } from "../base/timers.js";
import { Backoff, type LinkSubscription, type NatsMessage } from "../link/index.js";
import { everyoneSubject, presenceSubject, watchToken } from "../wire/subjects.js";
import { LivenessProbes } from "./liveness-probes.js";
import type { Card, Member } from "./member.js";
import type { WatchEnvironment } from "./presence-environment.js";
import { type Pulse, pulseFor } from "./pulse.js";
import { type Departure, maxInstances, Roster, type RosterPatience } from "./roster.js";
import { Round } from "./round.js";
import { readSign, type Signer, signerOf, watchOf } from "./signs.js";

// docs/protocol.md, clauses W-1 to W-6.

/** How long a watch continues after its last use, in ms. */
const lingering = 60_000;
/** Event loop ticks per beat interval. */
const ticksPerBeat = 4;
/** An instance is doubted when its beat is half an interval late. */
const doubtAfter = 6;
/** How long a doubted instance has to answer, in ms, before it counts as silent. */
const answerWithin = 2_000;
/** The interval of probes meanwhile, in ms. */
const askEvery = 500;

/**
 * After a reconnect, how long known instances may take to come back, in ms. They may have lost NATS too, and reconnect
 * with pauses of up to a second.
 */
const homecoming = 2_000;

/** Bounds of the pause before it asks again where permissions refused the question, in ms; see `Backoff`. */
const retryBounds = { min: 1_000, max: 30_000 };

/** Callbacks of a watch. */
export interface Watcher {
  up(member: Member): void;
  down(member: Member, reason: Departure): void;
  /** The instances are known. */
  settled(): void;
}

/**
 * Watches the instances of a mailbox, for all its users on this bus.
 *
 * WATCH-1 It renews its query while it is held or was used in the last minute. Then it ends, and the beats stop by
 *   themselves.
 * WATCH-2 It is settled when all instances have answered, or the server has said that nobody listens. Without a
 *   connection it is not settled and keeps what it knows, because our own loss says nothing about others. After a
 *   reconnect it asks again, and gives known instances some time to come back.
 * WATCH-3 A blocked event loop makes no instance silent: silence is counted in turns of the loop (ROSTER-2), and each
 *   turn reads first.
 * WATCH-4 A message that others could have forged neither adds nor removes an instance. It leads to a probe, and only
 *   the instance's own answer, or the server's "no responders", counts.
 */
export class Watch {
  readonly roster: Roster;
  readonly #env: WatchEnvironment;
  readonly #mailbox: string;
  readonly #subject: string;
  readonly #ended: () => void;
  readonly #doubts: LivenessProbes;
  readonly #signs: LinkSubscription;
  readonly #watchers = new Set<Watcher>();
  readonly #waiting = new Set<() => void>();
  readonly #backoff = new Backoff(retryBounds);
  #round: Round | undefined;
  #tick: NodeJS.Timeout | undefined;
  #pulse: Pulse = pulseFor(1);
  #renewAt = 0;
  #homeBy = Number.NEGATIVE_INFINITY;
  #usedAt = Number.NEGATIVE_INFINITY;
  #settled = false;
  #refused = false;
  #leftOut = false;
  #over = false;

  /** @param ended called when nothing uses the watch any more. */
  constructor(env: WatchEnvironment, mailbox: string, ended: () => void) {
    this.#env = env;
    this.#mailbox = mailbox;
    this.#ended = ended;
    this.#subject = everyoneSubject(env.prefix, mailbox, watchToken);
    this.#doubts = new LivenessProbes(env, mailbox, {
      card: (card, doubted) => {
        this.#take(card);
        if (doubted) this.roster.leaves(card.member.instance);
      },
      gone: (instance) => this.missed(instance),
    });
    this.roster = new Roster({
      up: (member) => this.#tell((watcher) => watcher.up(member)),
      down: (member, reason) => this.#lost(member, reason),
      doubt: (instance) => this.#doubts.overdue(instance, this.#pulse),
    });
    const signs = presenceSubject(env.prefix, mailbox, "*", "*");
    this.#signs = env.link.subscribe(signs, { receive: (message) => this.#hear(message) });
    this.connected();
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Whether the permissions of this service's NATS user keep it from knowing the instances. */
  get forbidden(): boolean {
    return this.#refused || this.#signs.state === "forbidden";
  }

  /** Keeps the watch alive and calls the watcher, until the returned function is called. */
  hold(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#idle) this.end();
    };
  }

  /** Keeps the watch alive for a while. */
  use(): void {
    this.#usedAt = performance.now();
  }

  /**
   * Calls back once, when the instances are known or cannot be known, or the connection is lost. Returns a function
   * that cancels the callback.
   */
  whenKnown(callback: () => void): () => void {
    if (!this.#unknown) {
      callback();
      return () => {};
    }
    this.#waiting.add(callback);
    return () => void this.#waiting.delete(callback);
  }

  /** Resolves to whether it is settled, as soon as that is known, or after `timeout` ms. */
  known(timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
      let stopWaiting = (): void => {};
      const answer = (): void => {
        clearTimeout(timer);
        stopWaiting();
        resolve(this.#settled);
      };
      const timer = setTimeout(answer, timeout);
      const wait = (): void => {
        stopWaiting = this.whenKnown(() => (this.#unknown ? wait() : answer()));
      };
      wait();
    });
  }

  /** Connected. */
  connected(): void {
    if (this.#over || !this.#env.link.up) return;
    this.#refused = false;
    if (this.#homeBy === Number.POSITIVE_INFINITY) this.#homeBy = performance.now() + homecoming;
    this.roster.retake(doubtAfter - 1);
    this.#ask();
  }

  /** Disconnected. */
  disconnected(): void {
    this.#settled = false;
    this.#homeBy = Number.POSITIVE_INFINITY;
    this.#rest();
    this.#answerWaiting();
  }

  /** The server says that an instance does not listen. (It may be reconnecting, like this service just before.) */
  missed(instance: string): void {
    this.roster.miss(instance);
    this.#dropMissed();
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#settled = false;
    this.#rest();
    void this.#signs.drain();
    this.#answerWaiting();
    this.#ended();
  }

  #dropMissed(): void {
    if (performance.now() >= this.#homeBy) this.roster.dropMissed();
  }

  /** The instances are not known yet, but may become known. */
  get #unknown(): boolean {
    return !this.#settled && !this.forbidden && !this.#over;
  }

  get #idle(): boolean {
    return this.#watchers.size === 0 && performance.now() - this.#usedAt > lingering;
  }

  #rest(): void {
    clearTimeout(this.#tick);
    this.#round?.close();
    this.#doubts.forgetAll();
  }

  #ask(): void {
    this.#round?.close();
    clearTimeout(this.#tick);
    this.#pulse = pulseFor(this.roster.size);
    this.#round = new Round(this.#env, this.#subject, this.#pulse, {
      card: (card) => this.#take(card),
      nobody: () => {
        this.roster.missAll();
        this.#dropMissed();
      },
      complete: () => this.#settle(),
      unanswered: () => (this.#idle ? this.end() : this.#ask()),
      forbidden: () => this.#refuse(),
    });
  }

  /** Asks again later: permissions may change. */
  #refuse(): void {
    this.#refused = true;
    this.#tick = setTimeout(() => (this.#idle ? this.end() : this.#ask()), this.#backoff.next());
    this.#answerWaiting();
  }

  #settle(): void {
    this.#settled = true;
    this.#refused = false;
    this.#backoff.reset();
    this.#renewAt = performance.now() + this.#pulse.lease / 3;
    this.#adjust();
    this.#scheduleTick();
    this.#tell((watcher) => watcher.settled());
    this.#answerWaiting();
  }

  #hear(message: NatsMessage): void {
    const signer = signerOf(message.subject);
    if (signer === undefined || this.#over) return;
    const known = this.roster.member(signer.instance);
    if (known === undefined) this.#hearStranger(message, signer);
    else if (known.service === signer.service) this.#hearOf(known, message, signer);
  }

  /** WATCH-4: a message in the name of an unknown instance does not add it, but leads to a probe. */
  #hearStranger(message: NatsMessage, signer: Signer): void {
    if (this.roster.full) return this.#leaveOut();
    if (!this.#doubts.roomForStrangers) return;
    const sign = readSign(message, signer);
    if (sign === undefined || sign.type === "goodbye") return;
    this.#doubts.askStranger(signer.instance, this.#pulse);
  }

  #hearOf({ instance, since, version }: Member, message: NatsMessage, signer: Signer): void {
    const sign = readSign(message, signer);
    if (sign?.type === "beat") return this.roster.heard(instance, sign.degraded);
    if (sign?.type === "hello") {
      this.roster.heard(instance, sign.member.degraded);
      if (sign.member.since === since && sign.member.version === version) return;
    } else if (sign?.type === "goodbye") this.roster.leaves(instance);
    else return;
    this.#doubts.ask(instance, this.#pulse);
  }

  /** An instance answered. */
  #take({ member, leaving }: Card): void {
    if (leaving) this.roster.left(member.instance, "closed");
    else this.roster.introduced(member);
  }

  /** Logged once, while there are too many. */
  #leaveOut(): void {
    if (this.#leftOut) return;
    this.#leftOut = true;
    const fields = { mailbox: this.#mailbox, most: maxInstances };
    this.#env.log.warn(fields, "too many instances serve a mailbox; the bus ignores those above the limit");
  }

  #lost(member: Member, reason: Departure): void {
    this.#doubts.forget(member.instance);
    this.#tell((watcher) => watcher.down(member, reason));
  }

  #scheduleTick(): void {
    clearTimeout(this.#tick);
    this.#tick = setTimeout(() => setImmediate(this.#turn), this.#pulse.interval / ticksPerBeat);
  }

  readonly #turn = (): void => {
    if (!this.#settled) return;
    if (this.#idle) return this.end();
    this.#dropMissed();
    this.roster.tick(this.#patience);
    if (performance.now() >= this.#renewAt) this.#renew();
    this.#adjust();
    this.#scheduleTick();
  };

  get #patience(): RosterPatience {
    const tick = this.#pulse.interval / ticksPerBeat;
    const silentAfter = doubtAfter + Math.max(doubtAfter, Math.ceil(answerWithin / tick));
    return { doubtAfter, doubtEvery: Math.max(1, Math.ceil(askEvery / tick)), silentAfter };
  }

  /** Asks for more or fewer beats, according to the number of instances. */
  #adjust(): void {
    const pulse = pulseFor(this.roster.size);
    if (pulse.interval === this.#pulse.interval) return;
    this.#pulse = pulse;
    this.#renew();
  }

  #renew(): void {
    this.#renewAt = performance.now() + this.#pulse.lease / 3;
    this.#env.link.publish(this.#subject, watchOf(this.#pulse));
  }

  #tell(tell: (watcher: Watcher) => void): void {
    for (const watcher of [...this.#watchers]) tell(watcher);
  }

  #answerWaiting(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of waiting) callback();
  }
}
