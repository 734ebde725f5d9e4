import { type Deadline, type Deadlines, Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import { performance } from "../base/timers.js";
import type { Inbox } from "../inbox/inbox.js";
import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import { resultIn } from "../jetstream/api.js";
import type { Link, NatsMessage } from "../link/index.js";
import { isNoResponders } from "../wire/no-responders.js";
import { type LetterReceipt, type NotStoredReason, notStored } from "./receipt.js";
import { keepsMail, type StoreState, tooOld } from "./stores.js";

// docs/protocol.md, clauses L-9 to L-11.

/** A letter to store, checked and encoded. */
export interface StoredMessage {
  readonly address: string;
  readonly id: string;
  readonly subject: string;
  readonly stream: string;
  readonly payload: Uint8Array;
  readonly headers: string;
}

/** What storing needs from its bus. */
export interface StoringTransport {
  readonly link: Link;
  readonly inbox: Inbox;
  readonly deadlines: Deadlines;
}

/** The maker of a {@link Storing}. */
export interface StoringOwner {
  /** Makes sure that there is a stream. */
  ensure(): Promise<StoreState>;
  /** Called once. */
  ended(receipt: LetterReceipt, storing: Storing): void;
}

/** How long a stream may take to answer before the letter is sent again, in ms; twice as long each time. */
const patience = 1_000;
/** How long to ask for the stream before the letter asks again, in ms: it is the better question in an election. */
const asking = 1_000;
/** How long to wait when nobody can tell whether there is a stream, in ms. */
const pause = 250;

/** The server's codes. */
const otherStream = 10060;
const inProcess = 10158;
const noRoom: ReadonlySet<number> = new Set([10077, 10023, 10047]);

/**
 * - `waiting`: for a connection. `sent`: for the stream's answer. `asking`: for word whether there is a stream.
 * - `pausing`: the last sending was refused, for a reason that may pass.
 */
type State = "waiting" | "sent" | "asking" | "pausing";

/**
 * Sends one letter under one id, again and again, until its stream says that it keeps it or its time is over.
 *
 * STORING-1 It settles once, and then leaves nothing behind: no inbox entry, no deadline, no abort listener.
 * STORING-2 `stored` is the word of the letter's own stream. `no` is said only if every sending of it was refused, or
 *   none left this process.
 * STORING-3 When a sending is not answered, it is sent again, and its stream is asked for: somebody else's that acknowledges
 *   nothing may have its subject.
 */
export class Storing extends Expiring implements PendingReply {
  readonly message: StoredMessage;
  readonly expiresAt: number;
  readonly #transport: StoringTransport;
  readonly #owner: StoringOwner;
  readonly #deadline: Deadline;
  readonly #stopListening: readonly (() => void)[];
  #nonce = "";
  #token: number | undefined;
  #state: State = "waiting";
  /** When to send it again, unless it is `waiting`. */
  #againAt = 0;
  #patience = patience;
  /** Whether an earlier sending may have been stored. */
  #maybe = false;
  /** Why the last sending was refused. */
  #refusal: string | undefined;
  #done = false;

  /** @param timeout in ms. */
  constructor(
    message: StoredMessage,
    transport: StoringTransport,
    timeout: number,
    signals: readonly AbortSignal[],
    owner: StoringOwner,
  ) {
    super();
    this.message = message;
    this.#transport = transport;
    this.#owner = owner;
    const whole = Math.ceil(timeout);
    this.expiresAt = performance.now() + whole;
    this.#deadline = transport.deadlines.add(whole, this);
    this.#stopListening = signals.map((signal) => onAbort(signal, () => this.#fail("cancelled")));
  }

  get nonce(): string {
    return this.#nonce;
  }

  get subject(): string {
    return this.message.subject;
  }

  /** Sends it, unless there is no connection: then it waits for one. */
  send(): void {
    const { link, inbox } = this.#transport;
    const { subject, payload, headers } = this.message;
    const { serverVersion } = link;
    if (!keepsMail(serverVersion)) return this.#fail("no-store", tooOld(serverVersion ?? ""));
    this.#closeReply();
    const token = inbox.open(this);
    this.#nonce = nonce();
    this.#token = token;
    if (link.publish(subject, payload, { reply: inbox.subject(this.#nonce, token), headers })) {
      this.#enter("sent", this.#patience);
    } else {
      inbox.withdraw(token);
      this.#token = undefined;
      this.#enter("waiting", 0);
    }
  }

  /** Sends it again if it waits for a connection, or its time to be sent again has come. */
  look(now: number): void {
    if (this.#state !== "waiting" && now < this.#againAt) return;
    if (!this.#transport.link.up && this.#state === "waiting") return;
    if (this.#state === "sent") this.#unanswered();
    if (!this.#done) this.send();
  }

  received(message: NatsMessage): void {
    if (isNoResponders(message)) return void this.#makeStore();
    const result = resultIn(message.data);
    if (result.kind === "reply") this.#acknowledged(result.body);
    else if (result.kind === "error") this.#refused(result.errCode, result.description);
    // Nothing else is an answer of a stream.
  }

  lost(): void {
    if (this.#state !== "sent") return;
    this.#maybe = true;
    this.#enter("waiting", 0);
  }

  forbidden(): void {
    this.#enter("pausing", 0);
    this.#fail("forbidden");
  }

  expire(): void {
    if (this.#refusal !== undefined && !this.#maybe) return this.#fail("no-store", this.#refusal);
    this.#fail(this.#state === "waiting" ? "unreachable" : "timeout");
  }

  /** The bus closes. */
  giveUp(): void {
    this.#fail("unreachable");
  }

  #acknowledged({ stream, seq, duplicate }: Readonly<Record<string, unknown>>): void {
    this.#enter("pausing", 0);
    if (stream !== this.message.stream || typeof seq !== "number") return this.#fail("store-conflict");
    this.#settle({ status: "stored", id: this.message.id, duplicate: duplicate === true });
  }

  #refused(errCode: number, description: string): void {
    this.#enter("pausing", pause);
    if (errCode === otherStream) return this.#fail("store-conflict", description);
    if (noRoom.has(errCode)) return this.#fail("overloaded", description);
    if (errCode === inProcess) this.#maybe = true; // It is being stored under this id.
    this.#refusal = description; // A stream that starts or elects its leader says so in many ways: all may pass.
  }

  /** Nobody takes its subject: there is no stream, or it has no leader. */
  async #makeStore(): Promise<void> {
    this.#enter("asking", asking);
    const store = await this.#lookForStore();
    if (this.#state !== "asking") return;
    if (store.kind === "ready" && this.#refusal === undefined) {
      this.#refusal = "its stream does not take letters";
      return this.send();
    }
    this.#enter("pausing", pause);
  }

  /** Ends this letter if there is no stream for it. */
  async #lookForStore(): Promise<StoreState> {
    const store = await this.#owner.ensure();
    if (store.kind === "missing") this.#fail("no-store", store.reason);
    if (store.kind === "conflict") this.#fail("store-conflict", store.reason);
    return store;
  }

  /** The last sending may have been stored. */
  #unanswered(): void {
    if (this.#patience === patience) void this.#lookForStore(); // STORING-3
    this.#maybe = true;
    this.#patience *= 2;
  }

  #enter(state: State, time: number): void {
    this.#state = state;
    this.#againAt = performance.now() + time;
  }

  #fail(reason: NotStoredReason, detail?: string): void {
    const delivered = this.#maybe || this.#state === "sent" ? "maybe" : "no";
    this.#settle(notStored(this.message, reason, delivered, detail));
  }

  #settle(receipt: LetterReceipt): void {
    if (this.#done) return;
    this.#done = true;
    this.#closeReply();
    this.#deadline.delete(this);
    for (const stop of this.#stopListening) stop();
    this.#owner.ended(receipt, this);
  }

  #closeReply(): void {
    if (this.#token !== undefined) this.#transport.inbox.close(this.#token);
    this.#token = undefined;
  }
}
