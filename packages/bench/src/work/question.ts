/** What every contender asks, and what its service makes of it: the same work for all. */
export interface Question {
  readonly id: number;
  readonly sku: string;
  readonly quantity: number;
  /** Makes the message as large as it is to be; it comes back. */
  readonly note: string;
}

export interface Answer {
  readonly id: number;
  readonly cents: number;
  readonly note: string;
}

/** How long a caller waits for an answer, in ms, whoever the contender: no measurement may depend on it. */
export const timeout = 5_000;

const each = 250;

/** Asks one question after the other, about so many bytes each, as JSON. */
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

/** Whether it is the answer to this question and to no other. */
export function isRight({ id, quantity, note }: Question, answer: Answer): boolean {
  return answer.id === id && answer.cents === quantity * each && answer.note === note;
}

function ask(id: number, note: string): Question {
  return { id, sku: "tea-0042", quantity: (id % 9) + 1, note };
}
