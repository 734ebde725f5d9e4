import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { BrokerOptions, BrokerStats } from "@muove/broker";

const program = fileURLToPath(new URL("./broker-process.mjs", import.meta.url));

export interface Taken {
  /** Memory, in bytes. */
  readonly rss: number;
  /** CPU time, in ms. */
  readonly cpu: number;
  readonly stats: BrokerStats;
}

/** The broker in its own process, with a heap as small as a busy host would leave it. */
export class BrokerProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    this.#ended = once(child, "exit");
  }

  static async start(options: BrokerOptions = {}): Promise<BrokerProcess> {
    const child = fork(program, [JSON.stringify({ ...options, port: 0 })], {
      execArgv: ["--max-old-space-size=384"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const [port] = (await once(child, "message")) as [number];
    return new BrokerProcess(child, port);
  }

  /** Whether the process is still running. */
  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async taken(): Promise<Taken> {
    if (!this.alive) throw new Error("the broker's process has ended");
    this.#child.send("taken?");
    const ended = this.#ended.then(() => Promise.reject(new Error("the broker's process has ended")));
    const [taken] = (await Promise.race([once(this.#child, "message"), ended])) as [Taken];
    return taken;
  }

  /** SIGKILL. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async stop(): Promise<void> {
    if (!this.alive) return;
    this.#child.disconnect();
    await this.#ended;
  }
}
