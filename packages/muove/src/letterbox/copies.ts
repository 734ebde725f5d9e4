import { performance } from "../base/timers.js";
import type { LetterReceipt } from "../letters/receipt.js";
import type { StoreQueue } from "../letters/store-queue.js";
import type { Stores } from "../letters/stores.js";
import type { StoredMessage } from "../letters/storing.js";
import { ackWait, type MailPlan } from "../letters/streams.js";
import { headerBlock } from "../wire/headers.js";
import { type Death, deadLines, keptLines, movedLines, type Trail } from "../wire/letter-headers.js";
import type { Letter } from "./letter.js";

/** How much of the time that a letter is surely held is kept back, in ms: a copy must not be stored after it. */
const margin = 500;
/** The times that copies may take, in ms, are multiples of this, so that few timers serve many copies. */
const step = 100;

/** What copies need from their bus. */
export interface CopyEnvironment {
  readonly storeQueue: StoreQueue;
  readonly stores: Stores;
}

/**
 * Copies letters within their stream, and to the dead ones.
 *
 * COPIES-1 A copy carries all that the letter carries, and is stored before the letter is acknowledged. Made twice, it
 *   is kept once, within the contract's window for duplicates.
 * COPIES-2 It is stored while the letter is held, or not at all: later, another instance has the letter. For as long as
 *   the letter is held and nobody knows whether its copy is stored, it is made again.
 */
export class Copies {
  readonly #env: CopyEnvironment;
  readonly #plan: MailPlan;

  constructor(env: CopyEnvironment, plan: MailPlan) {
    this.#env = env;
    this.#plan = plan;
  }

  /** Resolves to whether the copy is stored. */
  move(letter: Letter, subject: string, trail: Trail): Promise<boolean> {
    const { letters, names } = this.#plan;
    const moved = { ...trail, moves: letter.trail.moves + 1 };
    const lines = movedLines(letter.from.message, letter.id, names.stream, moved, letter.from.figures.stored);
    return this.#store(letter, letters, subject, lines);
  }

  /** Resolves to whether the dead letter is stored. */
  bury(letter: Letter, death: Death): Promise<boolean> {
    const { dead, names } = this.#plan;
    const { id, from, trail } = letter;
    const tried = { ...trail, firstTriedAt: trail.firstTriedAt || death.diedAt };
    const lines = deadLines(from.message, id, names.deadStream, tried, death);
    return this.#store(letter, dead, names.dead(from.message), lines);
  }

  async #store(letter: Letter, config: MailPlan["letters"], subject: string, lines: string): Promise<boolean> {
    const { msg, message } = letter.from;
    const address = `${this.#plan.mailbox}.${message}`;
    const headers = headerBlock(lines + keptLines(msg.headers));
    const copy = { address, id: letter.id, subject, stream: config.name, payload: msg.data, headers };
    for (;;) {
      const receipt = await this.#try(copy, config, timeFor(letter));
      if (receipt.status === "stored") return true;
      if (receipt.reason !== "timeout" || receipt.delivered === "no" || timeFor(letter) <= step) return false;
    }
  }

  #try(copy: StoredMessage, config: MailPlan["letters"], timeout: number): Promise<LetterReceipt> {
    const { storeQueue, stores } = this.#env;
    const ensure = () => stores.ensure(config, this.#plan.domain);
    return new Promise((resolve) => storeQueue.store(copy, timeout, [], ensure, resolve));
  }
}

/** How long a copy of it may take, in ms. */
function timeFor({ knownAt }: Letter): number {
  const left = knownAt + ackWait - margin - performance.now();
  return Math.max(step, Math.floor(left / step) * step);
}
