import type { Exit } from "../process/managed-process.js";
import type { NatsConfig } from "./nats-config.js";

/**
 * A NATS for a test. Embedded or real, it is a separate process, so these faults are like those of a real server.
 *
 * Methods that send signals throw MUOVE_TESTKIT_NOT_RUNNING if it is not running. All methods throw
 * MUOVE_TESTKIT_UNSUPPORTED if the test provided the NATS by URL.
 */
export interface Nats {
  readonly on: "embedded" | "nats-server" | "container" | "url";
  /** `nats://127.0.0.1:<port>` without credentials, or the URL that the test provided. */
  readonly url: string;
  readonly port: number;
  /** The process id. Undefined while it is not running, and for a container. */
  readonly pid: number | undefined;
  readonly running: boolean;
  /** Its latest output, at most 64 K characters per start. */
  readonly output: string;
  /**
   * Starts it, or starts it again at the same address. Resolves when it accepts connections, at once if it is running.
   *
   * @throws TestkitError MUOVE_TESTKIT_NOT_READY with its output.
   */
  start(): Promise<void>;
  /** SIGKILL. Resolves when it is gone and its connections have ended without a goodbye. */
  kill(): Promise<Exit | undefined>;
  /** SIGTERM: a graceful shutdown. Resolves when it is gone. SIGKILL follows after 5 s. */
  terminate(): Promise<Exit | undefined>;
  /** SIGSTOP. Resolves when it is stopped: connections stay open, and nothing is answered. */
  stop(): Promise<void>;
  /** SIGCONT. */
  continue(): Promise<void>;
  /** Lame duck mode, as for a rolling upgrade. Resolves when it has begun. */
  lameDuck(): Promise<void>;
  /**
   * Reloads it with another configuration, such as other users. Real servers only.
   *
   * @param text instead of the `text` that it was started with.
   */
  reload(config: NatsConfig, text?: string): Promise<void>;
}
