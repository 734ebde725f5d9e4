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
}
