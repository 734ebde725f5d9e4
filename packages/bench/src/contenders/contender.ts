import type { Question } from "../work/question.js";

/** One way to ask another process something over NATS. Both sides run in processes of their own. */
export interface Contender {
  /** Opens the service. Resolves when the server knows of it. */
  serve(url: string): Promise<void>;
  /** Connects a caller. */
  connect(url: string): Promise<Caller>;
}

export interface Caller {
  /** Asks, and says whether the answer is right. Rejects, or says no, when there is none. */
  ask(question: Question): Promise<boolean>;
  /** How it sends what needs no answer, where that is measured. */
  readonly casts?: Casts;
}

export interface Casts {
  send(question: Question): void;
  /** What the service has taken, of all that was sent before this was asked at the latest. */
  arrived(): Promise<Arrived>;
}

export interface Arrived {
  readonly count: number;
  /** Of the ids: whether they were the right ones. */
  readonly sum: number;
}
