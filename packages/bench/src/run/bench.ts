import type { Nats, Testkit } from "@muove/testkit";

/** The environment of a measurement. */
export interface Bench {
  readonly kit: Testkit;
  /** The server that all contenders share. */
  readonly nats: Nats;
  /** The folder of the programs to start. */
  readonly processes: URL;
  /** Reports the progress. */
  say(text: string): void;
}
