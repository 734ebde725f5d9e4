import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { ownProgram } from "./paths.js";

/** Tells the keeper's process (see programs/keeper.ts) what to end when this process is gone. */
export class Keeper {
  readonly #process: ChildProcess;

  constructor() {
    // A process group of its own: Ctrl-C in the terminal must not reach it.
    this.#process = spawn(process.execPath, [ownProgram("keeper")], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    this.#process.stdin?.on("error", () => {});
    this.#process.unref();
  }

  add(pid: number): void {
    this.#process.stdin?.write(`+${pid}\n`);
  }

  remove(pid: number): void {
    this.#process.stdin?.write(`-${pid}\n`);
  }

  /** Resolves when the keeper is gone, too. */
  async close(): Promise<void> {
    this.#process.ref();
    this.#process.stdin?.end();
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "exit");
  }
}
