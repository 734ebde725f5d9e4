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

/** One process of a service, from its start to its end. */
interface Run {
  readonly process: ManagedProcess;
  readonly asking: Asking;
  readonly ready: Promise<void>;
}

/**
 * A service in its own process. As with a container, SIGSTOP and SIGKILL go to all its processes, and SIGTERM only to
 * the main one. After its end it can be started again; all properties are about the latest process.
 *
 * SERVICE-1 It has at most one process at a time.
 *
 * Methods that signal or ask throw MUOVE_TESTKIT_NOT_RUNNING if it has ended.
 */
export class Service {
  readonly #launch: () => Promise<ManagedProcess>;
  readonly #options: ServiceOptions;
  readonly #listeners = new Set<(message: unknown) => void>();
  #run: Run;
  #starting: Promise<void> | undefined;

  /** Use `kit.service()`. */
  constructor(first: ManagedProcess, launch: () => Promise<ManagedProcess>, options: ServiceOptions) {
    this.#launch = launch;
    this.#options = options;
    this.#run = this.#runOf(first);
  }

  /**
   * Resolves at the first sign that it is ready: a line of output (`readyLine`), `ready()` of `@muove/testkit/child`,
   * or `process.send("ready")`. Rejects with MUOVE_TESTKIT_NOT_READY and its output if it ends first or takes too long.
   * Waiting for it is optional.
   */
  get ready(): Promise<void> {
    return this.#run.ready;
  }

  /** Resolves when it has ended, for any reason. Never rejects. */
  get exit(): Promise<Exit> {
    return this.#run.process.exit;
  }

  get name(): string {
    return this.#run.process.name;
  }

  get pid(): number {
    return this.#run.process.pid;
  }

  get running(): boolean {
    return this.#run.process.running;
  }

  /** Its latest output on stdout and stderr, at most 64 K characters. */
  get output(): string {
    return this.#run.process.output.text;
  }

  /**
   * Starts it again after it ended, in a new process with the same options. Resolves when it is `ready`, at once if it
   * runs and is; rejects as `ready` does. Listeners of `onMessage` stay.
   */
  async start(): Promise<void> {
    if (!this.running) {
      this.#starting ??= this.#again();
      await this.#starting;
    }
    await this.ready;
  }

  /** SIGKILL. Resolves when it is gone. Safe to call again. */
  kill(): Promise<Exit> {
    return this.#run.process.kill();
  }

  /** SIGSTOP: it hangs, and its connections stay open. Resolves when it is stopped. */
  stop(): Promise<void> {
    return this.#run.process.stop();
  }

  /** SIGCONT. */
  continue(): Promise<void> {
    return this.#run.process.continue();
  }

  /** SIGTERM. Resolves when it has ended. SIGKILL follows after 15 s, and shows as the `signal`. */
  async terminate(): Promise<Terminated> {
    const started = performance.now();
    const exit = await terminate(this.#run.process, endTimeout);
    return { ...exit, ms: Math.round(performance.now() - started) };
  }

  /**
   * Calls a function that the service registered with `answer()` of `@muove/testkit/child`, and resolves to its answer.
   * Rejects with the error's message if the function throws, if the service ends, and after 10 s.
   */
  ask<T = unknown>(name: string, ...args: readonly unknown[]): Promise<T> {
    return this.#run.asking.ask(name, args) as Promise<T>;
  }

  /** Sends the service a message of any kind, which it gets by `process.on("message")`. */
  send(message: Serializable): void {
    this.#run.process.child.send(message);
  }

  /** Listens to the service's own messages. Returns a function that removes the listener. */
  onMessage(listener: (message: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #again(): Promise<void> {
    try {
      await this.exit; // Its port and its name are free, and its last output is read.
      this.#run = this.#runOf(await this.#launch());
    } finally {
      this.#starting = undefined;
    }
  }

  #runOf(managed: ManagedProcess): Run {
    const { readyLine = defaultReadyLine, readyWithin = 10_000 } = this.#options;
    const ready = whenReady(managed, readyWithin, either(line(managed, readyLine), message(managed)));
    ready.catch(() => {});
    managed.child.on("message", (said) => {
      for (const listener of this.#listeners) listener(said);
    });
    return { process: managed, asking: new Asking(managed), ready };
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
