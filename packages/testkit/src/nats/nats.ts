import type { Exit } from "../process/managed-process.js";
import type { NatsConfig } from "./nats-config.js";

/**
 * A NATS for a test. Embedded or a real server, it is a process of its own, so what is done to it here is what happens
 * to a server.
 *
 * Methods that signal throw MUOVE_TESTKIT_NOT_RUNNING where it does not run; all of them MUOVE_TESTKIT_UNSUPPORTED
 * where the test brought the NATS by its URL.
 */
export interface Nats {
  readonly on: "embedded" | "nats-server" | "container" | "url";
  /** `nats://127.0.0.1:<port>`, without credentials; or the URL that the test brought. */
  readonly url: string;
  readonly port: number;
  /** Of the process; undefined while there is none, and for a container. */
  readonly pid: number | undefined;
  readonly running: boolean;
  /** What it has printed last, at most 64 K characters for each start. */
  readonly output: string;
  /**
   * Starts it, also again, at the same address. Resolves when it takes connections; at once, if it runs.
   *
   * @throws TestkitError MUOVE_TESTKIT_NOT_READY with its output.
   */
  start(): Promise<void>;
  /** SIGKILL. Resolves when it is gone, and its connections have ended without a word. */
  kill(): Promise<Exit | undefined>;
  /** SIGTERM: it says goodbye. Resolves when it is gone; SIGKILL follows after 5 s. */
  terminate(): Promise<Exit | undefined>;
  /** SIGSTOP. Resolves when it stands still: connections stay open, and nothing is answered. */
  stop(): Promise<void>;
  /** SIGCONT. */
  continue(): Promise<void>;
  /** Lame duck mode, as for a rolling upgrade. Resolves when it has begun. */
  lameDuck(): Promise<void>;
  /**
   * Takes up another configuration while it runs, such as other users, in place of the one that it was given. A real
   * server only.
   */
  reload(config: NatsConfig): Promise<void>;
}
