import { type ChildProcess, spawn } from "node:child_process";
import { ownProgram } from "./paths.js";

/** Tells the keeper's process (see programs/keeper.ts) what there is to end when this process is gone. */
export class Keeper {
  readonly #process: ChildProcess;

  constructor() {
    // A group of its own: Ctrl-C in the terminal is not meant for it.
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

  close(): void {
    this.#process.stdin?.end();
  }
}
