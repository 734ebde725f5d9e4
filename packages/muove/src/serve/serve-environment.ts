import type { Mailbox } from "@muove/contract";
import type { Deadlines } from "../base/deadlines.js";
import type { FairScheduler } from "../base/fair-scheduler.js";
import type { Logger } from "../base/logger.js";
import type { MetadataRules } from "../metadata/metadata.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";
import type { PresenceEnvironment } from "../presence/presence-environment.js";
import type { Figures } from "./figures.js";
import type { HandlerSteps } from "./handler-steps.js";
import type { TransitDelay } from "./transit-delay.js";

/** Lists the served mailboxes for monitoring tools. */
export interface Directory {
  /** Lists a mailbox with its statistics. Returns a function that removes it. */
  list(listed: { readonly mailbox: Mailbox; readonly figures: ReadonlyMap<string, Figures> }): () => Promise<void>;
}

/** What mailboxes and listeners need from their bus. */
export interface ServeEnvironment extends PresenceEnvironment {
  /** The sender of answers: `<service>/<instance>`. */
  readonly from: string;
  readonly deadlines: Deadlines;
  readonly scheduler: FairScheduler;
  readonly transitDelay: TransitDelay;
  readonly discovery: Directory;
  readonly counts: Counts;
  readonly events: BusEmitter;
  readonly log: Logger;
  readonly metadata: MetadataRules;
  readonly handlerSteps: HandlerSteps;
}
