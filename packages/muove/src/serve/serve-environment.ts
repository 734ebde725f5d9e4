import type { Mailbox } from "@muove/contract";
import type { Logger } from "pino";
import type { Deadlines } from "../base/deadlines.js";
import type { FairScheduler } from "../base/fair-scheduler.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";
import type { PresenceEnvironment } from "../presence/presence-environment.js";
import type { Figures } from "./figures.js";
import type { TransitDelay } from "./transit-delay.js";

/** Where tools find the mailboxes that are served. */
export interface Directory {
  /** Lists a mailbox, with the figures of its messages; returns what ends that. */
  list(listed: { readonly mailbox: Mailbox; readonly figures: ReadonlyMap<string, Figures> }): () => Promise<void>;
}

/** What mailboxes and listeners need of the bus that serves them. */
export interface ServeEnvironment extends PresenceEnvironment {
  /** Who answers: `<service>/<instance>`. */
  readonly from: string;
  readonly deadlines: Deadlines;
  readonly scheduler: FairScheduler;
  readonly transitDelay: TransitDelay;
  readonly discovery: Directory;
  readonly counts: Counts;
  readonly events: BusEmitter;
  readonly log: Logger;
}
