import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { StoryError } from "../story-error.js";
import type { Keeper } from "./keeper.js";

export interface Role {
  readonly name: string;
  /** A script for Node, or another program. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How long a process may take to end after SIGTERM, in ms. */
const patience = 2_000;

/** One process of the play: it can be started, killed, stopped, continued, and restarted. Its log is a file. */
export class Actor {
  readonly name: string;
  readonly #role: Role;
  readonly #keeper: Keeper;
  readonly #log: string;
  #silentSize = 0;
  #process: ChildProcess | undefined;
  #gone: Promise<unknown> = Promise.resolve();

  constructor(role: Role, logs: string, keeper: Keeper) {
    this.name = role.name;
    this.#role = role;
    this.#keeper = keeper;
    this.#log = join(logs, `${role.name}.log`);
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** Whether it has logged anything since it was started: then its program runs. */
  get spoke(): boolean {
    return statSync(this.#log).size > this.#silentSize;
  }

  /** Everything that it has logged in this play. */
  get log(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, "utf8") : "";
  }

  start(): void {
    const log = openSync(this.#log, "a");
    this.#silentSize = fstatSync(log).size;
    const { program, args = [], env = {} } = this.#role;
    // A process group of its own: Ctrl-C in the terminal goes to the story, which then ends the others in order.
    const command = program.endsWith(".js") ? [process.execPath, program] : [program];
    const child = spawn(command[0] as string, [...command.slice(1), ...args], {
      stdio: ["ignore", log, log],
      env: { ...process.env, ...env },
      detached: true,
    });
    closeSync(log);
    this.#process = child;
    this.#gone = once(child, "exit").then(() => this.#left(child));
    if (child.pid !== undefined) this.#keeper.add(child.pid);
  }

  /** @throws StoryError when it is not running although it should be: it ended by itself. */
  check(): void {
    if (this.running) return;
    throw new StoryError(`${this.name} ended by itself: see ${this.#log}`);
  }

  /** Ends it like a power cut. */
  async kill(): Promise<void> {
    this.killNow();
    await this.#gone;
  }

  killNow(): void {
    this.#process?.kill("SIGKILL");
  }

  /** Makes it hang: it keeps its connections and does nothing. */
  stop(): void {
    this.#process?.kill("SIGSTOP");
  }

  continue(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Ends it like a supervisor: SIGTERM first, and SIGKILL after a while. */
  async end(): Promise<void> {
    this.continue();
    this.#process?.kill("SIGTERM");
    const timer = setTimeout(() => this.killNow(), patience);
    await this.#gone;
    clearTimeout(timer);
  }

  #left(child: ChildProcess): void {
    if (child.pid !== undefined) this.#keeper.remove(child.pid);
    if (this.#process === child) this.#process = undefined;
  }
}
