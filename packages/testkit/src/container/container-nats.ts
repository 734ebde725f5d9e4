import type { Readable } from "node:stream";
import type { StartedTestContainer } from "testcontainers";
import { TestkitError } from "../errors.js";
import { eventually } from "../eventually.js";
import type { Nats } from "../nats/nats.js";
import type { NatsConfig } from "../nats/nats-config.js";
import { type ContainerOptions, checkConfig } from "../nats/nats-options.js";
import { toServerConfig } from "../nats/server-config.js";
import type { Belongings } from "../process/belongings.js";
import type { Exit } from "../process/managed-process.js";
import { Output } from "../process/output.js";
import { greets } from "./greets.js";
import { loadTestcontainers } from "./testcontainers.js";

const configPath = "/etc/nats/nats.conf";
const clientPort = 4222;

/** Time limits in ms: for its image, for it to be ready, to end on SIGTERM, and to react to a signal. */
const createTimeout = 120_000;
const readyTimeout = 10_000;
const endTimeout = 5_000;
const obeyTimeout = 5_000;

type Engine = Awaited<ReturnType<typeof import("testcontainers")["getContainerRuntimeClient"]>>;
type Container = ReturnType<Engine["container"]["getById"]>;

/**
 * A real server in a container.
 *
 * CONTAINER-NATS-1 There is at most one container, created at the first start. It keeps its address until the kit is
 *   closed.
 * CONTAINER-NATS-2 `running` reflects our last action. A container that ended by itself is noticed at the next
 *   `start()`.
 */
export class ContainerNats implements Nats {
  readonly on = "container";
  readonly port: number;
  readonly #options: ContainerOptions;
  readonly #belongings: Belongings;
  readonly #printed = new Output();
  #started: StartedTestContainer | undefined;
  #container: Container | undefined;
  #running = false;
  #paused = false;
  #starting: Promise<void> | undefined;

  constructor(options: ContainerOptions, port: number, belongings: Belongings) {
    this.#options = options;
    this.port = port;
    this.#belongings = belongings;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** It is a process on the engine's machine, which may be another one. */
  get pid(): undefined {
    return undefined;
  }

  get running(): boolean {
    return this.#running;
  }

  get output(): string {
    return this.#printed.text;
  }

  async start(): Promise<void> {
    this.#starting ??= this.#launch().finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
  }

  async kill(): Promise<Exit | undefined> {
    if (!this.#running) return undefined;
    await this.continue();
    await this.#demand().kill({ signal: "SIGKILL" });
    await this.#ended();
    return { code: null, signal: "SIGKILL" };
  }

  async terminate(): Promise<Exit | undefined> {
    if (!this.#running) return undefined;
    await this.continue();
    await this.#demand().stop({ t: endTimeout / 1_000 });
    const { StatusCode } = await this.#ended();
    return { code: StatusCode, signal: null };
  }

  async stop(): Promise<void> {
    const container = this.#demand();
    if (!this.#paused) await container.pause();
    this.#paused = true;
  }

  async continue(): Promise<void> {
    const container = this.#demand();
    if (this.#paused) await container.unpause();
    this.#paused = false;
  }

  async lameDuck(): Promise<void> {
    await this.#obey("SIGUSR2", /lame duck mode/i);
  }

  async reload(config: NatsConfig, text?: string): Promise<void> {
    checkConfig(config, true);
    this.#demand();
    await this.#started?.copyContentToContainer([{ content: this.#text(config, text), target: configPath }]);
    await this.#obey("SIGHUP", /Reloaded server configuration/);
  }

  async #launch(): Promise<void> {
    if (this.#running) return;
    if (this.#container === undefined) await this.#create();
    else await this.#restart(this.#container);
    this.#running = true;
  }

  async #create(): Promise<void> {
    const { GenericContainer, Wait, getContainerRuntimeClient } = await loadTestcontainers();
    const { image = "nats:2.10", args = [], jetStream = false, config = {} } = this.#options;
    try {
      const created = await new GenericContainer(image)
        .withExposedPorts({ container: clientPort, host: this.port })
        .withCopyContentToContainer([{ content: this.#text(config), target: configPath }])
        .withCommand(["-c", configPath, "-p", String(clientPort), ...(jetStream ? ["-js"] : []), ...args])
        .withLabels({ "muove.testkit": String(process.pid) })
        .withLogConsumer((stream: Readable) => this.#printed.read(stream))
        .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
        .withStartupTimeout(createTimeout)
        .start();
      this.#started = created;
      this.#container = (await getContainerRuntimeClient()).container.getById(created.getId());
    } catch (cause) {
      throw this.#notReady(cause);
    }
    if (this.#belongings.closed) await this.#remove();
    this.#belongings.add(() => this.#remove());
    await this.#ready();
  }

  async #remove(): Promise<void> {
    // A paused container cannot be removed.
    if (this.#paused) await this.#container?.unpause();
    this.#running = false;
    this.#paused = false;
    await this.#container?.remove({ force: true, v: true });
  }

  async #restart(container: Container): Promise<void> {
    await container.start();
    const since = Math.floor(Date.parse((await container.inspect()).State.StartedAt) / 1_000);
    this.#printed.read((await this.#started?.logs({ since })) as Readable);
    await this.#ready();
  }

  async #ready(): Promise<void> {
    const what = `${this.url} to greet`;
    await eventually(() => greets(this.port), { within: readyTimeout, what }).catch((cause) => {
      throw this.#notReady(cause);
    });
  }

  async #ended(): Promise<{ StatusCode: number }> {
    const ended = await this.#demand().wait();
    this.#running = false;
    return ended;
  }

  async #obey(signal: NodeJS.Signals, sign: RegExp): Promise<void> {
    const container = this.#demand();
    let obeyed = false;
    const stopListening = this.#printed.onLine((text) => {
      obeyed ||= sign.test(text);
    });
    try {
      await container.kill({ signal });
      await eventually(() => obeyed, { within: obeyTimeout, what: `${this.url} to obey ${signal}` });
    } finally {
      stopListening();
    }
  }

  #text(config: NatsConfig, text = this.#options.text ?? ""): string {
    return `${toServerConfig(config)}${text}\n`;
  }

  #demand(): Container {
    if (this.#container !== undefined && this.#running) return this.#container;
    throw new TestkitError("MUOVE_TESTKIT_NOT_RUNNING", `${this.url} does not run: see start().`);
  }

  #notReady(cause: unknown): TestkitError {
    const said = this.output === "" ? "It printed nothing." : `It printed:\n${this.output}`;
    const why = cause instanceof Error ? cause.message : cause;
    const text = `The container of ${this.url} was not ready: ${why}. ${said}`;
    return new TestkitError("MUOVE_TESTKIT_NOT_READY", text, { cause });
  }
}
