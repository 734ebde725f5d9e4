import { type Deadline, Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { Message } from "../link/index.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import type { Outcome } from "../outcome/outcome.js";
import type { Watch } from "../presence/watch.js";
import { cancelCall } from "../wire/cancellation.js";
import { readRequestHeaders } from "../wire/headers.js";
import { isNoResponders } from "../wire/no-responders.js";
import { hadItsTime } from "./attempt.js";
import { clearance, unsent } from "./preflight.js";
import { readReply } from "./read-reply.js";
import type { Request } from "./request.js";

/** What came of a call to everyone, of one of them. */
export interface InstanceOutcome<T, E = never> {
  /** Whose outcome it is; `undefined` for what is nobody's: nobody is there, or there is no connection. */
  readonly instance: string | undefined;
  readonly service: string | undefined;
  readonly outcome: Outcome<T, E>;
}

type AnyInstanceOutcome = Omit<InstanceOutcome<unknown>, "outcome"> & { readonly outcome: AnyOutcome };

/** Anybody can answer, by any name. */
const mostAnswers = 16_384;
/** How much of the answers may wait to be read, in bytes as they came. */
const mostUnread = 16 * 1024 * 1024;

const unreadText = `answered, and its answer was let go of: ${mostUnread / 1024 / 1024} MiB of answers wait to be read already`;

/** Something that waits to be read. */
interface Unread {
  readonly entry: AnyInstanceOutcome;
  readonly size: number;
}

/**
 * A call to everyone, and what comes of it.
 *
 * V1 Each instance that was known to be there when it was sent, or as soon as that was known, has one outcome; others that
 *    answer have one, too. There is at least one.
 * V2 It ends when all that were known have theirs, and at the deadline at the latest: who has not answered by then is a timeout.
 * V3 When it ends, or is left early, it leaves nothing behind: no place in the inbox, no deadline, no listener. Left early, or
 *    aborted, all instances are told that nobody waits any more.
 * V4 What it keeps is bounded in number and in bytes, whoever answers, and however slowly it is read: a reply that does not say
 *    whose it is counts for nobody, and an answer for which there is no room is told of as such.
 */
export class Broadcast extends Expiring implements PendingReply, AsyncIterable<AnyInstanceOutcome> {
  readonly nonce = nonce();
  readonly #request: Request;
  readonly #watches: () => Watch;
  #watch: Watch | undefined;
  /** Its place in the inbox, from when it is sent. */
  #token: number | undefined;
  /** Those who were there, once that is known, and have not answered yet, by instance. */
  #expected: Map<string, string> | undefined;
  readonly #answered = new Set<string>();
  readonly #ready: Unread[] = [];
  #unread = 0;
  #deadline: Deadline | undefined;
  #stops: readonly (() => void)[] = [];
  #wake: (() => void) | undefined;
  #learnt = false;
  #ended = false;

  /** @param watch who is there; asked for only when it is sent. */
  constructor(request: Request, watch: () => Watch) {
    super();
    this.#request = request;
    this.#watches = watch;
  }

  get subject(): string {
    return this.#request.target.subject;
  }

  get expiresAt(): number {
    return this.#request.endsAt;
  }

  /** @param timeout what is left for it, in ms. */
  send(timeout: number, now: number): void {
    const { env, target, scope, payload } = this.#request;
    const refusal = clearance(this.#request, target, timeout, now);
    if (refusal !== undefined) return this.#endWith(refusal);
    const headers = this.#request.headers(timeout, now);
    this.#token = env.inbox.open(this);
    if (!env.link.publish(target.subject, payload, { reply: env.inbox.subject(this.nonce, this.#token), headers })) {
      env.inbox.withdraw(this.#token);
      return this.#endWith(unsent(this.#request, target, headers));
    }
    this.#deadline = env.deadlines.add(Math.ceil(timeout), this);
    const watch = this.#watches();
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

  received(message: Message): void {
    const { env, target } = this.#request;
    if (isNoResponders(message)) return this.#endWith(ending.absent(target.address));
    const { from } = readRequestHeaders(message);
    if (from !== undefined) return this.#take(message, from);
    if (readReply(target, message) === undefined) env.counts.streamAcknowledgements++;
    else env.counts.unsignedReplies++;
  }

  lost(): void {
    this.#endWith(ending.unreachable(this.#request.target.address, "maybe"));
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

  /** The first reply of each counts. */
  #take(message: Message, from: string): void {
    const [service, instance] = from.split("/", 2) as [string, string];
    if (this.#answered.has(instance) || this.#answered.size >= mostAnswers) return;
    const size = message.data.length;
    const fits = this.#unread + size <= mostUnread;
    const { target } = this.#request;
    const outcome = fits ? readReply(target, message) : ending.replyTooLarge(target.address, unreadText);
    if (outcome === undefined) return;
    this.#answered.add(instance);
    this.#expected?.delete(instance);
    this.#learn(outcome);
    this.#put({ instance, service, outcome }, fits ? size : 0);
    this.#endWhenComplete();
  }

  /** The address is known by what the first of them answers, or by what it ended with when nobody did. */
  #learn(outcome: AnyOutcome): void {
    if (this.#learnt) return;
    this.#learnt = true;
    const { target, timeout, madeAt } = this.#request;
    target.peer.ended(outcome, { sentAt: madeAt, hadItsTime: hadItsTime(target, timeout, madeAt) });
  }

  /** It is known who was there. */
  #expect(): void {
    if (this.#expected !== undefined) return;
    const missing = (this.#watch?.roster.members ?? []).filter(({ instance }) => !this.#answered.has(instance));
    this.#expected = new Map(missing.map(({ instance, service }) => [instance, service]));
    this.#endWhenComplete();
  }

  /** It answers no more. (One that said goodbye finishes what it has, and answers.) */
  #gone(instance: string): void {
    const service = this.#expected?.get(instance);
    if (service === undefined) return;
    this.#expected?.delete(instance);
    const outcome = ending.timedOut(this.#request.target.address, performance.now() - this.#request.madeAt);
    this.#put({ instance, service, outcome });
    this.#endWhenComplete();
  }

  /** Where nobody is known and nobody has answered, more must come: an answer, a word of the server, the deadline. */
  #endWhenComplete(): void {
    if (this.#expected?.size === 0 && this.#answered.size > 0) this.#end();
  }

  /** Whoever has no outcome has this one; when there is nobody, it is nobody's. */
  #endWith(outcome: AnyOutcome): void {
    if (this.#ended) return;
    if (this.#token !== undefined && this.#answered.size === 0) this.#learn(outcome);
    const left = [...(this.#expected ?? [])];
    for (const [instance, service] of left) this.#put({ instance, service, outcome });
    if (left.length === 0 && this.#answered.size === 0) this.#put({ instance: undefined, service: undefined, outcome });
    this.#end(outcome);
  }

  #abort(): void {
    this.#cancel();
    this.#endWith(ending.cancelled(this.#request.target.address, "maybe"));
  }

  /** Nobody looks at it any more. */
  #leave(): void {
    if (this.#ended) return;
    this.#cancel();
    this.#end();
  }

  #cancel(): void {
    const { env, target, id } = this.#request;
    if (id !== undefined) cancelCall(env.link, target.cancelSubject, id);
  }

  #put(entry: AnyInstanceOutcome, size = 0): void {
    this.#ready.push({ entry, size });
    this.#unread += size;
    this.#wake?.();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** @param outcome of whoever has not answered, if that is why it ends. */
  #end(outcome?: AnyOutcome): void {
    this.#ended = true;
    this.#request.operation?.gathered(this.#answered.size, outcome);
    if (this.#token !== undefined) this.#request.env.inbox.close(this.#token);
    this.#deadline?.delete(this);
    for (const stop of this.#stops) stop();
    this.#wake?.();
  }
}
