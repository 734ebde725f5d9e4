import type { Question } from "../work/question.js";
import type { Arrived } from "./contender.js";

/** Counts what has arrived at a service. */
export class Tally {
  #count = 0;
  #sum = 0;

  readonly add = ({ id }: Question): void => {
    this.#count++;
    this.#sum += id;
  };

  get arrived(): Arrived {
    return { count: this.#count, sum: this.#sum };
  }
}
