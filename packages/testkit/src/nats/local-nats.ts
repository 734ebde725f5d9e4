import { TestkitError } from "../errors.js";
import type { Belongings } from "../process/belongings.js";
import type { Exit, Launch, ManagedProcess } from "../process/managed-process.js";
import { line, type Sign, whenReady } from "../process/ready.js";
import { terminate } from "../process/terminate.js";
import type { Nats } from "./nats.js";
import type { NatsConfig } from "./nats-config.js";

/** Time limits in ms: to be ready, to end on SIGTERM, and to react to a signal. */
const readyTimeout = 10_000;
const endTimeout = 5_000;
const obeyTimeout = 5_000;

/** The differences between kinds of NATS. */
export interface Kind {
  readonly on: "embedded" | "nats-server";
  /** How to run it. Called at every start. */
  launch(port: number): Launch;
  /** Signals that it accepts connections. */
  ready(managed: ManagedProcess): Sign;
  /** Writes a new configuration, if it can reload one. */
  configure?: (config: NatsConfig, text?: string) => void;
}

/** A NATS in its own process on this machine. */
export class LocalNats implements Nats {
  readonly port: number;
  readonly #kind: Kind;
  readonly #belongings: Belongings;
  #process: ManagedProcess | undefined;
  #starting: Promise<void> | undefined;

  constructor(kind: Kind, port: number, belongings: Belongings) {
    this.#kind = kind;
    this.port = port;
    this.#belongings = belongings;
  }

  get on(): Kind["on"] {
    return this.#kind.on;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.running ? this.#process?.pid : undefined;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  get output(): string {
    return this.#process?.output.text ?? "";
  }

  async start(): Promise<void> {
    this.#starting ??= this.#launch().finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
  }

  async kill(): Promise<Exit | undefined> {
    return await this.#process?.kill();
  }

  async terminate(): Promise<Exit | undefined> {
    if (!this.running) return await this.#process?.exit;
    return await terminate(this.#demandProcess(), endTimeout);
  }

  async stop(): Promise<void> {
    await this.#demandProcess().stop();
  }

  async continue(): Promise<void> {
    await this.#demandProcess().continue();
  }

  async lameDuck(): Promise<void> {
    await this.#obey("SIGUSR2", /lame duck mode/i);
  }

  async reload(config: NatsConfig, text?: string): Promise<void> {
    const { on, configure } = this.#kind;
    if (configure === undefined) {
      const text = `The ${on} broker cannot reload its configuration: use a nats-server.`;
      throw new TestkitError("MUOVE_TESTKIT_UNSUPPORTED", text);
    }
    this.#demandProcess();
    configure(config, text);
    await this.#obey("SIGHUP", /Reloaded server configuration/);
  }

  async #launch(): Promise<void> {
    if (this.running) return;
    const managed = await this.#belongings.launch(this.#kind.launch(this.port));
    this.#process = managed;
    try {
      await whenReady(managed, readyTimeout, this.#kind.ready(managed));
    } catch (error) {
      await managed.kill();
      throw error;
    }
  }

  async #obey(signal: NodeJS.Signals, sign: RegExp): Promise<void> {
    const managed = this.#demandProcess();
    const obeyed = whenReady(managed, obeyTimeout, line(managed, sign));
    managed.signal(signal);
    await obeyed;
  }

  #demandProcess(): ManagedProcess {
    if (this.#process !== undefined) return this.#process;
    throw new TestkitError("MUOVE_TESTKIT_NOT_RUNNING", `${this.url} was not started yet: see start().`);
  }
}
