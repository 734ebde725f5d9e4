import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestkitError } from "../errors.js";
import { Guardian } from "./guardian.js";
import { type Launch, ManagedProcess } from "./managed-process.js";

/** All open belongings, which share one exit listener. */
const open = new Set<Belongings>();
const endOpen = (): void => {
  for (const belongings of open) belongings.killNow();
};

/**
 * Everything that a kit has started.
 *
 * BELONGINGS-1 It holds everything that was started and has not ended, and the guardian knows the processes.
 * BELONGINGS-2 After `close()` it is empty, and nothing can be added.
 * BELONGINGS-3 When this process exits, it kills everything in it. If this process is killed, the guardian does.
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

  /** Runs a program that belongs to the kit from the start. */
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

  /** Creates a folder that is deleted with the kit. */
  makeFolder(): string {
    this.demandOpen();
    const folder = mkdtempSync(join(tmpdir(), "muove-testkit-"));
    this.#folders.add(folder);
    this.#guardian.addFolder(folder);
    return folder;
  }

  /** Adds a function that ends something other than a process. Returns a function that removes it. */
  add(end: () => unknown): () => void {
    this.demandOpen();
    this.#others.add(end);
    return () => void this.#others.delete(end);
  }

  /** @throws TestkitError MUOVE_TESTKIT_CLOSED */
  demandOpen(): void {
    if (this.closed) throw new TestkitError("MUOVE_TESTKIT_CLOSED", "This kit is closed: create a new one.");
  }

  /** Ends everything, in any state. Safe to call again. */
  close(): Promise<void> {
    this.#closing ??= this.#endAll();
    return this.#closing;
  }

  async #endAll(): Promise<void> {
    // Work is stopped before the processes that it uses.
    const others = [...this.#others].map(async (end) => end());
    const processes = [...this.#processes].map((managed) => managed.kill());
    await Promise.allSettled([...processes, ...others]);
    this.#removeFolders();
    await this.#guardian.close();
    open.delete(this);
    if (open.size === 0) process.off("exit", endOpen);
  }

  /** Ends at once everything that would outlive this process. */
  killNow(): void {
    for (const managed of this.#processes) managed.killNow();
    this.#removeFolders();
  }

  #removeFolders(): void {
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
    this.#folders.clear();
  }
}
