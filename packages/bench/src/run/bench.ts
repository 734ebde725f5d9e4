import type { Nats, Testkit } from "@muove/testkit";

/** What a measurement needs around it. */
export interface Bench {
  readonly kit: Testkit;
  /** The one server of everybody. */
  readonly nats: Nats;
  /** Tells how far it is. */
  say(text: string): void;
}
