import { type ChildRequest, isChildRequest } from "./service/messages.js";

/** The answering functions of a service, by name. */
export type Answers = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * In a service that a test runs: registers functions for `service.ask(name, ...args)`. Arguments and answers are copied
 * by structured clone. If a function throws or rejects, the test's `ask()` rejects.
 *
 * Outside a test it does nothing. It does not keep the process alive.
 */
export function answer(answers: Answers): void {
  if (process.send === undefined) return;
  process.on("message", (message) => {
    if (isChildRequest(message)) void reply(answers, message);
  });
  process.channel?.unref();
}

/** In a service that a test runs: makes `service.ready` resolve. Outside a test it does nothing. */
export function ready(): void {
  process.send?.("ready");
}

async function reply(answers: Answers, { id, name, args }: ChildRequest): Promise<void> {
  const send = (result: object): void => {
    if (process.connected) process.send?.({ muoveTestkit: "answer", id, ...result });
  };
  try {
    const found = Object.hasOwn(answers, name) ? answers[name] : undefined;
    if (found === undefined) throw new Error(`nothing answers "${name}": known are ${Object.keys(answers).join(", ")}`);
    send({ value: await found(...(args as never[])) });
  } catch (error) {
    send({ error: error instanceof Error ? (error.stack ?? String(error)) : String(error) });
  }
}
