import type { Scope } from "../call/scope.js";
import type { CastEnvironment } from "../cast/cast-environment.js";
import type { DeadLetters } from "../cast/dead-letters.js";
import type { CastTarget } from "../cast/letter.js";
import { nonce } from "../inbox/nonces.js";
import { OutgoingOperation } from "../telemetry/outgoing.js";
import { requestHeaders } from "../wire/headers.js";
import { letterLines, letterRoom } from "../wire/letter-headers.js";
import { checkSize, payloadOf } from "../wire/outgoing.js";
import { checkedLetterOptions, type LetterOptions } from "./letter-options.js";
import { type LetterReceipt, type NotStoredReason, notStored } from "./receipt.js";
import type { StoreQueue } from "./store-queue.js";
import type { Stores } from "./stores.js";
import type { StoredMessage } from "./storing.js";
import type { MailPlan } from "./streams.js";

/** How long a letter may take until it is stored, in ms. */
const defaultTimeout = 5_000;

/** A durable cast that can be sent. */
export interface LetterTarget extends CastTarget {
  readonly plan: MailPlan;
}

/** What letters need from their bus. */
export interface LettersEnvironment extends CastEnvironment {
  readonly storeQueue: StoreQueue;
  readonly stores: Stores;
}

/** What is known of a letter when it is sent. */
interface Sending {
  readonly message: StoredMessage;
  readonly signals: readonly AbortSignal[];
  /** In ms. */
  readonly timeout: number;
  readonly ended: (receipt: LetterReceipt) => void;
}

/**
 * The durable casts that a bus sends.
 *
 * LETTERS-1 What is not known to be stored is a dead letter of this bus, whatever its sender does with the receipt.
 * LETTERS-2 A letter leaves room for what its owner adds, so that whatever can be stored can be moved and buried.
 */
export class Letters {
  readonly #env: LettersEnvironment;
  readonly #deadLetters: DeadLetters;

  constructor(env: LettersEnvironment, deadLetters: DeadLetters) {
    this.#env = env;
    this.#deadLetters = deadLetters;
  }

  /**
   * Stores a letter. Never rejects.
   *
   * @throws InvalidOptions, InvalidInput, TooLarge
   */
  send(target: LetterTarget, scope: Scope, input: unknown, options?: LetterOptions): Promise<LetterReceipt> {
    const { id = nonce() + nonce(), timeout = defaultTimeout, signal } = checkedLetterOptions(options, target.address);
    const { from, encoding, link, sendSteps, metadata, counts } = this.#env;
    const { address, message, subject, plan } = target;
    const payload = payloadOf(target, input, encoding);
    const { metadata: own, settled } = sendSteps.take(target, "cast", input, scope.metadata);
    const meta = metadata.headerOf(own, address) || undefined;
    const operation = OutgoingOperation.message(target, this.#env, scope.trace);
    const trace = (operation?.trace ?? scope.trace)?.lines ?? "";
    const { stream } = plan.names;
    const headers = requestHeaders({ from, meta, trace: letterLines(message, id, stream) + trace });
    checkSize(target, payload, headers, link.maxPayload - letterRoom);
    return new Promise((resolve) => {
      const ended = (receipt: LetterReceipt): void => {
        if (receipt.status === "stored") counts.stored++;
        else this.#deadLetters.add({ target, input, headers, elsewhere: undefined }, receipt.reason, receipt.delivered);
        operation?.stored(receipt);
        settled?.(receipt);
        resolve(receipt);
      };
      const letter = { address, id, subject, stream, payload, headers };
      const signals = signal === undefined ? scope.signals : [...scope.signals, signal];
      this.#store(plan, { message: letter, signals, timeout: scope.allowance(timeout), ended });
    });
  }

  #store(plan: MailPlan, { message, signals, timeout, ended }: Sending): void {
    const { link, storeQueue, stores } = this.#env;
    const refuse = (reason: NotStoredReason): void => ended(notStored(message, reason, "no"));
    if (signals.some(({ aborted }) => aborted)) return refuse("cancelled");
    if (timeout <= 0) return refuse("expired");
    if (link.closed) return refuse("unreachable");
    if (storeQueue.full) return refuse("overloaded");
    storeQueue.store(message, timeout, signals, () => stores.ensure(plan.letters, plan.domain), ended);
  }
}
