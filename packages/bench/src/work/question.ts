/** The question of every contender. All services do the same work. */
export interface Question {
  readonly id: number;
  readonly sku: string;
  readonly quantity: number;
  /** Pads the message to its size, and comes back in the answer. */
  readonly note: string;
}

export interface Answer {
  readonly id: number;
  readonly cents: number;
  readonly note: string;
}

/** How long any contender's caller waits for an answer, in ms. No measurement may depend on it. */
export const timeout = 5_000;

const each = 250;

/** Generates questions of about that many bytes each, as JSON. */
export class Questions {
  readonly #note: string;
  #last = 0;

  constructor(bytes: number) {
    const without = JSON.stringify(ask(1_000_000, "")).length;
    this.#note = "n".repeat(Math.max(1, bytes - without));
  }

  next(): Question {
    return ask(++this.#last, this.#note);
  }
}

/** The work of the service. */
export function answerTo({ id, quantity, note }: Question): Answer {
  return { id, cents: quantity * each, note };
}

/** Whether it is the answer to this question. */
export function isRight({ id, quantity, note }: Question, answer: Answer): boolean {
  return answer.id === id && answer.cents === quantity * each && answer.note === note;
}

function ask(id: number, note: string): Question {
  return { id, sku: "tea-0042", quantity: (id % 9) + 1, note };
}
