import type { Serializable } from "node:child_process";
import type { Exit, ManagedProcess } from "../process/managed-process.js";
import { line, type Sign, whenReady } from "../process/ready.js";
import { terminate } from "../process/terminate.js";
import { Asking } from "./asking.js";
import { defaultReadyLine, type ServiceOptions } from "./service-options.js";

/** How long a service may take to end when it is asked to, in ms: longer than a `bus.close()` takes by default. */
const endTimeout = 15_000;

/** How a service ended after SIGTERM, and how long that took, in ms. */
export interface Terminated extends Exit {
  readonly ms: number;
}

/**
 * A service in a process of its own. Like a container it is stopped and killed with all processes that it has started,
 * while SIGTERM goes to itself only.
 *
 * Methods that signal or ask throw MUOVE_TESTKIT_NOT_RUNNING when it has ended.
 */
export class Service {
  /**
   * Resolves when it says that it is ready, whatever comes first: a line of output (`readyLine`), or `ready()` of
   * `@muove/testkit/child`, or `process.send("ready")`. Rejects with MUOVE_TESTKIT_NOT_READY and its output when it
   * ends before, or takes too long; nobody needs to wait for it.
   */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, whatever the cause. Never rejects. */
  readonly exit: Promise<Exit>;
  readonly #process: ManagedProcess;
  readonly #asking: Asking;

  /** Made by `kit.service()`. */
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

  /** What it has printed, on stdout and stderr: the last 64 K characters. */
  get output(): string {
    return this.#process.output.text;
  }

  /** SIGKILL. Resolves when it is gone; may be called again. */
  kill(): Promise<Exit> {
    return this.#process.kill();
  }

  /** SIGSTOP: it hangs, and its connections stay open. Resolves when it stands still. */
  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** SIGCONT. */
  continue(): Promise<void> {
    return this.#process.continue();
  }

  /** SIGTERM. Resolves when it has ended; SIGKILL follows after 15 s, and shows as the `signal`. */
  async terminate(): Promise<Terminated> {
    const started = performance.now();
    const exit = await terminate(this.#process, endTimeout);
    return { ...exit, ms: Math.round(performance.now() - started) };
  }

  /**
   * Asks what the service answers by `answer()` of `@muove/testkit/child`, and resolves to its answer. Rejects when the
   * answering function threw, with its error's text; when the service ended; and after 10 s.
   */
  ask<T = unknown>(name: string, ...args: readonly unknown[]): Promise<T> {
    return this.#asking.ask(name, args) as Promise<T>;
  }

  /** Sends a message of the test's own, which the service gets by `process.on("message")`. */
  send(message: Serializable): void {
    this.#process.child.send(message);
  }

  /** Listens to the service's own messages; returns what ends the listening. */
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
