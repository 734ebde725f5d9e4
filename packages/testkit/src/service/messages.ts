// What travels between a test and a service that it asks. docs: README.md, "Asking a service".

/** The test asks; `muoveTestkit` tells these messages from a service's own. */
export interface ChildRequest {
  readonly muoveTestkit: "question";
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The service answers; with `error`, its answering function threw that text. */
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
