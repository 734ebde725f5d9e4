import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { TestkitError } from "../errors.js";
import { eventually } from "../eventually.js";
import { Output } from "./output.js";
import { isStopped } from "./process-state.js";

/** How long to wait for the rest of the output after a process ended, in ms. */
const outputTimeout = 1_000;

/** How to run a program. */
export interface Launch {
  /** Its name in messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string | undefined;
  /** Whether it is a Node process with a message channel. */
  readonly ipc?: boolean;
}

/** How a process ended. */
export interface Exit {
  /** Its exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A process and its children, in one process group.
 *
 * MANAGED-PROCESS-1 The group is signalled only while the process is not known to have ended, so never another
 *   program's group.
 * MANAGED-PROCESS-2 `exit` resolves after the last line of output was read. It waits at most a second for a process
 *   that left the group and keeps the output open.
 */
export class ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly output = new Output();
  readonly exit: Promise<Exit>;
  readonly child: ChildProcess;
  #running = true;

  /**
   * Starts a program.
   *
   * @param started called synchronously, before anything else can happen.
   * @throws TestkitError MUOVE_TESTKIT_NOT_READY if it cannot be run.
   */
  static async launch(launch: Launch, started: (managed: ManagedProcess) => void): Promise<ManagedProcess> {
    const child = spawnGroup(launch);
    if (child.pid === undefined) {
      const [cause] = await once(child, "error");
      throw new TestkitError("MUOVE_TESTKIT_NOT_READY", `${launch.name} cannot be run: ${cause.message}`, { cause });
    }
    const managed = new ManagedProcess(launch.name, child, child.pid);
    started(managed);
    return managed;
  }

  private constructor(name: string, child: ChildProcess, pid: number) {
    this.name = name;
    this.child = child;
    this.pid = pid;
    for (const stream of [child.stdout, child.stderr]) if (stream) this.output.read(stream);
    child.on("error", () => {}); // Messages that can no longer be sent.
    child.once("exit", () => {
      this.killNow(); // Its children.
      this.#running = false;
    });
    this.exit = ended(child);
  }

  get running(): boolean {
    return this.#running;
  }

  /** SIGKILL to the whole group. Resolves when it is gone. */
  async kill(): Promise<Exit> {
    this.killNow();
    return await this.exit;
  }

  /** SIGKILL to the whole group, without waiting. */
  killNow(): void {
    if (this.#running) signalGroup(this.pid, "SIGKILL");
  }

  /** SIGSTOP to the whole group. Resolves when the process is stopped. */
  async stop(): Promise<void> {
    await this.#until("SIGSTOP", true);
  }

  /** SIGCONT to the whole group. Resolves when the process runs again. */
  async continue(): Promise<void> {
    await this.#until("SIGCONT", false);
  }

  /** Sends a signal to the process only. */
  signal(signal: NodeJS.Signals): void {
    this.#demandRunning();
    this.child.kill(signal);
  }

  async #until(signal: NodeJS.Signals, stopped: boolean): Promise<void> {
    this.#demandRunning();
    signalGroup(this.pid, signal);
    const what = `${this.name} to obey ${signal}`;
    await eventually(async () => (await isStopped(this.pid)) === stopped || !this.#running, { what });
  }

  #demandRunning(): void {
    if (this.#running) return;
    throw new TestkitError("MUOVE_TESTKIT_NOT_RUNNING", `${this.name} does not run.\n${this.output.text}`);
  }
}

function spawnGroup({ command, args, env, cwd, ipc = false }: Launch): ChildProcess {
  return spawn(command, [...args], {
    stdio: ["ignore", "pipe", "pipe", ...(ipc ? (["ipc"] as const) : [])],
    detached: true,
    serialization: "advanced",
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  });
}

function ended(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    child.once("exit", () => {
      timer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, outputTimeout);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal });
    });
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is empty.
  }
}
