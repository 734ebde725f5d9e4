import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("./guardian.mjs", import.meta.url));

/** Ends processes if this process is killed. Starts with the first of them. */
export class Guardian {
  #child: ChildProcess | undefined;

  add(pid: number): void {
    this.#tell({ add: pid });
  }

  addFolder(folder: string): void {
    this.#tell({ folder });
  }

  remove(pid: number): void {
    this.#tell({ remove: pid });
  }

  /** Ends it. It kills all processes that it still guards. Resolves when it is gone. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.ref();
    child.stdin?.end();
    await gone;
  }

  #tell(message: object): void {
    this.#child ??= start();
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}

function start(): ChildProcess {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "ignore", "ignore"], detached: true, env: {} });
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  // It must not keep this process alive.
  child.unref();
  (child.stdin as Socket).unref();
  return child;
}
