import { type Deadline, Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import { performance } from "../base/timers.js";
import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { NatsMessage } from "../link/index.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import type { Outcome } from "../outcome/outcome.js";
import type { Watch } from "../presence/watch.js";
import { readRequestHeaders } from "../wire/headers.js";
import { isNoResponders } from "../wire/no-responders.js";
import { clearance, disconnected, unsent } from "./preflight.js";
import { readReply } from "./read-reply.js";
import type { Request } from "./request.js";

/** The outcome of a call to everyone, for one instance. */
export interface InstanceOutcome<T, E = never> {
  /** `undefined` if the outcome belongs to no instance: nobody is there, or there is no connection. */
  readonly instance: string | undefined;
  readonly service: string | undefined;
  readonly outcome: Outcome<T, E>;
}

type AnyInstanceOutcome = Omit<InstanceOutcome<unknown>, "outcome"> & { readonly outcome: AnyOutcome };

/** Bounded, since anybody can reply under any name. */
const maxReplies = 16_384;
/** How many bytes of replies may wait to be read. */
const maxUnreadBytes = 16 * 1024 * 1024;

const unreadText = `answered, but the reply was dropped: ${maxUnreadBytes / 1024 / 1024} MiB of replies wait to be read`;

interface Unread {
  readonly entry: AnyInstanceOutcome;
  readonly size: number;
}

/**
 * A call to everyone, as an iterable of outcomes.
 *
 * BROADCAST-1 Each instance that is known when the call is sent, or as soon as the instances are known, has one
 *   outcome; others that reply have one, too. There is at least one outcome.
 * BROADCAST-2 It ends when all known instances have an outcome, and at the deadline at the latest: those that have not
 *   replied by then time out.
 * BROADCAST-3 When it ends, or is left early, it leaves nothing behind: no inbox entry, no deadline, no listener.
 *   Leaving early, or aborting, cancels the call at every instance.
 * BROADCAST-4 What it keeps is bounded in number and in bytes, whoever replies, and however slowly it is read: a reply
 *   without a sender is not used, and a reply for which there is no room gives an outcome that says so.
 */
export class Broadcast extends Expiring implements PendingReply, AsyncIterable<AnyInstanceOutcome> {
  readonly nonce = nonce();
  readonly #request: Request;
  readonly #openWatch: () => Watch;
  #watch: Watch | undefined;
  /** Its inbox entry, once it is sent. */
  #token: number | undefined;
  /** The services of the instances that have yet to reply, by instance; `undefined` until the instances are known. */
  #expected: Map<string, string> | undefined;
  readonly #replied = new Set<string>();
  readonly #ready: Unread[] = [];
  #unread = 0;
  #deadline: Deadline | undefined;
  #stops: readonly (() => void)[] = [];
  #wake: (() => void) | undefined;
  #peerUpdated = false;
  #ended = false;

  /** @param openWatch gives the mailbox's watch; called only when the call is sent. */
  constructor(request: Request, openWatch: () => Watch) {
    super();
    this.#request = request;
    this.#openWatch = openWatch;
  }

  get subject(): string {
    return this.#request.target.subject;
  }

  get expiresAt(): number {
    return this.#request.endsAt;
  }

  /** @param timeout the time left, in ms. */
  send(timeout: number, now: number): void {
    const { env, target, scope, payload } = this.#request;
    const { link, inbox, deadlines } = env.transport;
    const refusal = clearance(this.#request, target, timeout, now);
    if (refusal !== undefined) return this.#endWith(refusal);
    const headers = this.#request.headers(timeout, now);
    this.#token = inbox.open(this);
    if (!link.publish(target.subject, payload, { reply: inbox.subject(this.nonce, this.#token), headers })) {
      inbox.withdraw(this.#token);
      return this.#endWith(unsent(this.#request, target, headers));
    }
    this.#deadline = deadlines.add(Math.ceil(timeout), this);
    const watch = this.#openWatch();
    this.#watch = watch;
    watch.use();
    const release = watch.hold({
      up: () => {},
      down: ({ instance }, reason) => reason === "gone" && this.#gone(instance),
      settled: () => this.#expect(),
    });
    this.#stops = [release, ...scope.signals.map((signal) => onAbort(signal, () => this.#abort()))];
    if (watch.settled) this.#expect();
  }

  received(message: NatsMessage): void {
    const { env, target } = this.#request;
    if (isNoResponders(message)) return this.#endWith(ending.absent(target.address));
    const { from } = readRequestHeaders(message);
    if (from !== undefined) return this.#take(message, from);
    if (readReply(target, message) === undefined) env.reports.streamAcknowledged();
    else env.reports.unsignedReply();
  }

  lost(): void {
    this.#endWith(disconnected(this.#request.env, this.#request.target.address, "maybe"));
  }

  forbidden(): void {
    this.#endWith(ending.forbidden(this.#request.target.address));
  }

  expire(): void {
    this.#endWith(ending.timedOut(this.#request.target.address, this.#request.timeout));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AnyInstanceOutcome, void, undefined> {
    try {
      while (true) {
        const next = this.#ready.shift();
        if (next !== undefined) {
          this.#unread -= next.size;
          yield next.entry;
        } else if (this.#ended) return;
        else await this.#more();
      }
    } finally {
      this.#leave();
    }
  }

  /** Takes the first reply of each instance. */
  #take(message: NatsMessage, from: string): void {
    const [service, instance] = from.split("/", 2) as [string, string];
    if (this.#replied.has(instance) || this.#replied.size >= maxReplies) return;
    const size = message.data.length;
    const fits = this.#unread + size <= maxUnreadBytes;
    const { target } = this.#request;
    const outcome = fits ? readReply(target, message) : ending.replyTooLarge(target.address, unreadText);
    if (outcome === undefined) return;
    this.#replied.add(instance);
    this.#expected?.delete(instance);
    this.#updatePeer(outcome);
    this.#put({ instance, service, outcome }, fits ? size : 0);
    this.#endWhenComplete();
  }

  /** Updates the peer with the first reply, or with the outcome of them all if nobody replied. */
  #updatePeer(outcome: AnyOutcome): void {
    if (this.#peerUpdated) return;
    this.#peerUpdated = true;
    const { env, target, madeAt } = this.#request;
    const timeout = Math.ceil(this.#request.timeout);
    const ourDelay = env.transport.deadlines.stalls.tookHalf(madeAt, timeout);
    target.peer.ended(outcome, { sentAt: madeAt, timeout, contracted: target.definition.timeout, ourDelay });
  }

  /** The instances are known. */
  #expect(): void {
    if (this.#expected !== undefined) return;
    const missing = (this.#watch?.roster.members ?? []).filter(({ instance }) => !this.#replied.has(instance));
    this.#expected = new Map(missing.map(({ instance, service }) => [instance, service]));
    this.#endWhenComplete();
  }

  /** The instance will not reply. (One that said goodbye finishes its work and does reply.) */
  #gone(instance: string): void {
    const service = this.#expected?.get(instance);
    if (service === undefined) return;
    this.#expected?.delete(instance);
    const outcome = ending.timedOut(this.#request.target.address, performance.now() - this.#request.madeAt);
    this.#put({ instance, service, outcome });
    this.#endWhenComplete();
  }

  /** If no instance is known and none has replied, it waits for a reply, the server or the deadline. */
  #endWhenComplete(): void {
    if (this.#expected?.size === 0 && this.#replied.size > 0) this.#end();
  }

  /** Gives this outcome to every instance that has none; without instances, it belongs to none of them. */
  #endWith(outcome: AnyOutcome): void {
    if (this.#ended) return;
    if (this.#token !== undefined && this.#replied.size === 0) this.#updatePeer(outcome);
    const left = [...(this.#expected ?? [])];
    for (const [instance, service] of left) this.#put({ instance, service, outcome });
    if (left.length === 0 && this.#replied.size === 0) this.#put({ instance: undefined, service: undefined, outcome });
    this.#end(outcome);
  }

  #abort(): void {
    this.#cancel();
    this.#endWith(ending.cancelled(this.#request.target.address, "maybe"));
  }

  /** The iteration stopped. */
  #leave(): void {
    if (this.#ended) return;
    this.#cancel();
    this.#end();
  }

  #cancel(): void {
    this.#request.cancel(this.#request.target);
  }

  #put(entry: AnyInstanceOutcome, size = 0): void {
    this.#request.report(entry.outcome);
    this.#ready.push({ entry, size });
    this.#unread += size;
    this.#wake?.();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** @param outcome of the instances that have not replied, if that is why it ends. */
  #end(outcome?: AnyOutcome): void {
    this.#ended = true;
    this.#request.operation?.gathered(this.#replied.size, outcome);
    if (this.#token !== undefined) this.#request.env.transport.inbox.close(this.#token);
    this.#deadline?.delete(this);
    for (const stop of this.#stops) stop();
    this.#wake?.();
  }
}
