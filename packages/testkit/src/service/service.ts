import type { Serializable } from "node:child_process";
import type { Exit, ManagedProcess } from "../process/managed-process.js";
import { line, type Sign, whenReady } from "../process/ready.js";
import { terminate } from "../process/terminate.js";
import { Asking } from "./asking.js";
import { defaultReadyLine, type ServiceOptions } from "./service-options.js";

/** How long a service may take to end on SIGTERM, in ms. Longer than `bus.close()` takes by default. */
const endTimeout = 15_000;

/** How a service ended after SIGTERM, and how long that took, in ms. */
export interface Terminated extends Exit {
  readonly ms: number;
}

/**
 * A service in its own process. As with a container, SIGSTOP and SIGKILL go to all its processes, and SIGTERM only to
 * the main one.
 *
 * Methods that signal or ask throw MUOVE_TESTKIT_NOT_RUNNING if it has ended.
 */
export class Service {
  /**
   * Resolves at the first sign that it is ready: a line of output (`readyLine`), `ready()` of `@muove/testkit/child`,
   * or `process.send("ready")`. Rejects with MUOVE_TESTKIT_NOT_READY and its output if it ends first or takes too long.
   * Waiting for it is optional.
   */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, for any reason. Never rejects. */
  readonly exit: Promise<Exit>;
  readonly #process: ManagedProcess;
  readonly #asking: Asking;

  /** Use `kit.service()`. */
  constructor(managed: ManagedProcess, { readyLine = defaultReadyLine, readyWithin = 10_000 }: ServiceOptions) {
    this.#process = managed;
    this.#asking = new Asking(managed);
    this.exit = managed.exit;
    this.ready = whenReady(managed, readyWithin, either(line(managed, readyLine), message(managed)));
    this.ready.catch(() => {});
  }

  get name(): string {
    return this.#process.name;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get running(): boolean {
    return this.#process.running;
  }

  /** Its latest output on stdout and stderr, at most 64 K characters. */
  get output(): string {
    return this.#process.output.text;
  }

  /** SIGKILL. Resolves when it is gone. Safe to call again. */
  kill(): Promise<Exit> {
    return this.#process.kill();
  }

  /** SIGSTOP: it hangs, and its connections stay open. Resolves when it is stopped. */
  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** SIGCONT. */
  continue(): Promise<void> {
    return this.#process.continue();
  }

  /** SIGTERM. Resolves when it has ended. SIGKILL follows after 15 s, and shows as the `signal`. */
  async terminate(): Promise<Terminated> {
    const started = performance.now();
    const exit = await terminate(this.#process, endTimeout);
    return { ...exit, ms: Math.round(performance.now() - started) };
  }

  /**
   * Calls a function that the service registered with `answer()` of `@muove/testkit/child`, and resolves to its answer.
   * Rejects with the error's message if the function throws, if the service ends, and after 10 s.
   */
  ask<T = unknown>(name: string, ...args: readonly unknown[]): Promise<T> {
    return this.#asking.ask(name, args) as Promise<T>;
  }

  /** Sends the service a message of any kind, which it gets by `process.on("message")`. */
  send(message: Serializable): void {
    this.#process.child.send(message);
  }

  /** Listens to the service's own messages. Returns a function that removes the listener. */
  onMessage(listener: (message: unknown) => void): () => void {
    this.#process.child.on("message", listener);
    return () => void this.#process.child.off("message", listener);
  }
}

function message({ child }: ManagedProcess): Sign {
  return (ready) => {
    const onMessage = (said: unknown): void => {
      if (said === "ready") ready();
    };
    child.on("message", onMessage);
    return () => void child.off("message", onMessage);
  };
}

function either(...signs: readonly Sign[]): Sign {
  return (ready) => {
    const stops = signs.map((sign) => sign(ready));
    return () => {
      for (const stop of stops) stop();
    };
  };
}
