import type { Question } from "../work/question.js";

/** One way to make requests. Both sides run in separate processes. */
export type Contender = OverNats | Direct;

export interface OverNats {
  /** Opens the service. Resolves when it is subscribed at the server. */
  serve(url: string): Promise<void>;
  /** Connects a caller. */
  connect(url: string): Promise<Caller>;
}

/** One without a broker between: the caller connects to the service. */
export interface Direct {
  /** Opens the service on a free port. Resolves to its address. */
  listen(): Promise<string>;
  /** Connects a caller to that address. */
  connect(address: string): Promise<Caller>;
}

export interface Caller {
  /** Sends a question. Resolves to whether the answer is right. Rejects, or resolves to false, without an answer. */
  ask(question: Question): Promise<boolean>;
  /** How it sends casts, if that is measured. */
  readonly casts?: Casts;
}

export interface Casts {
  send(question: Question): void;
  /** What the service has received, including everything sent before this call. */
  arrived(): Promise<Arrived>;
}

export interface Arrived {
  readonly count: number;
  /** The sum of the ids, to verify that they are the right ones. */
  readonly sum: number;
}
