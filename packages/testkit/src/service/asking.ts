import type { Serializable } from "node:child_process";
import { TestkitError } from "../errors.js";
import type { ManagedProcess } from "../process/managed-process.js";
import { type ChildRequest, isAnswer } from "./messages.js";

/** How long a service may take to answer a request, in ms. */
const answerTimeout = 10_000;

interface Asked {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * The pending requests to one service.
 *
 * ASKING-1 Each request ends exactly once: with its answer, with the service's end, or after `answerTimeout`.
 */
export class Asking {
  readonly #process: ManagedProcess;
  readonly #open = new Map<number, Asked>();
  #last = 0;

  constructor(managed: ManagedProcess) {
    this.#process = managed;
    managed.child.on("message", (message) => {
      if (!isAnswer(message)) return;
      const asked = this.#open.get(message.id);
      if (message.error === undefined) asked?.resolve(message.value);
      else asked?.reject(new Error(`${managed.name} could not answer: ${message.error}`));
    });
    void managed.exit.then(() => {
      for (const { reject } of this.#open.values()) reject(this.#error("MUOVE_TESTKIT_NOT_RUNNING", "has ended"));
    });
  }

  async ask(name: string, args: readonly unknown[]): Promise<unknown> {
    if (!this.#process.running) throw this.#error("MUOVE_TESTKIT_NOT_RUNNING", `cannot be asked "${name}": it ended`);
    const id = ++this.#last;
    const why = `did not answer "${name}" within ${answerTimeout} ms`;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(this.#error("MUOVE_TESTKIT_TIMEOUT", why)), answerTimeout);
        this.#open.set(id, { resolve, reject });
        const request: ChildRequest = { muoveTestkit: "question", id, name, args };
        this.#process.child.send(request as unknown as Serializable);
      });
    } finally {
      clearTimeout(timer);
      this.#open.delete(id);
    }
  }

  #error(code: "MUOVE_TESTKIT_NOT_RUNNING" | "MUOVE_TESTKIT_TIMEOUT", why: string): TestkitError {
    const { name, output } = this.#process;
    return new TestkitError(code, `${name} ${why}. It printed:\n${output.text}`);
  }
}
