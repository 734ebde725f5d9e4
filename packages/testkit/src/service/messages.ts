// Messages between a test and a service that it asks. See README.md, "Asking a service".

/** A request from the test. `muoveTestkit` distinguishes these messages from a service's own. */
export interface ChildRequest {
  readonly muoveTestkit: "question";
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The service's answer. `error` is the message of the error that its function threw. */
export interface Answer {
  readonly muoveTestkit: "answer";
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

const isOurs = (message: unknown, kind: string): boolean =>
  typeof message === "object" && message !== null && "muoveTestkit" in message && message.muoveTestkit === kind;

export const isChildRequest = (message: unknown): message is ChildRequest => isOurs(message, "question");
export const isAnswer = (message: unknown): message is Answer => isOurs(message, "answer");
