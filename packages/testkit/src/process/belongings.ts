import { rmSync } from "node:fs";
import { TestkitError } from "../errors.js";
import { Guardian } from "./guardian.js";
import { type Launch, ManagedProcess } from "./managed-process.js";

/** Those that are not closed yet; one listener serves them all. */
const open = new Set<Belongings>();
const endOpen = (): void => {
  for (const belongings of open) belongings.killNow();
};

/**
 * Everything that a kit has started.
 *
 * BELONGINGS-1 What was started and has not ended is in here, and its process is known to the guardian.
 * BELONGINGS-2 After `close()` nothing is in here, and nothing can be added.
 * BELONGINGS-3 When this process exits, what is in here is killed; when it is killed itself, the guardian does it.
 */
export class Belongings {
  readonly #guardian = new Guardian();
  readonly #processes = new Set<ManagedProcess>();
  readonly #others = new Set<() => unknown>();
  readonly #folders = new Set<string>();
  #closing: Promise<void> | undefined;

  constructor() {
    if (open.size === 0) process.on("exit", endOpen);
    open.add(this);
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Runs a program that belongs to the kit from its first moment on. */
  async launch(launch: Launch): Promise<ManagedProcess> {
    this.demandOpen();
    return await ManagedProcess.launch(launch, (managed) => {
      this.#guardian.add(managed.pid);
      this.#processes.add(managed);
      void managed.exit.then(() => {
        this.#processes.delete(managed);
        this.#guardian.remove(managed.pid);
      });
    });
  }

  /** A folder that is removed with the kit. */
  addFolder(folder: string): void {
    this.demandOpen();
    this.#folders.add(folder);
    this.#guardian.addFolder(folder);
  }

  /** What ends something that is no process; returns what takes it out again. */
  add(end: () => unknown): () => void {
    this.demandOpen();
    this.#others.add(end);
    return () => void this.#others.delete(end);
  }

  /** @throws TestkitError MUOVE_TESTKIT_CLOSED */
  demandOpen(): void {
    if (this.closed) throw new TestkitError("MUOVE_TESTKIT_CLOSED", "This kit is closed: make another one.");
  }

  /** Ends everything, in any state. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#endAll();
    return this.#closing;
  }

  async #endAll(): Promise<void> {
    // Work is told to stop before what it works with goes away.
    const others = [...this.#others].map(async (end) => end());
    const processes = [...this.#processes].map((managed) => managed.kill());
    await Promise.allSettled([...processes, ...others]);
    this.#removeFolders();
    await this.#guardian.close();
    open.delete(this);
    if (open.size === 0) process.off("exit", endOpen);
  }

  /** Ends at once what would outlive this process. */
  killNow(): void {
    for (const managed of this.#processes) managed.killNow();
    this.#removeFolders();
  }

  #removeFolders(): void {
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
    this.#folders.clear();
  }
}
