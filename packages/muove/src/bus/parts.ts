import type { Tags } from "../address/tags.js";
import type { Deadlines } from "../base/deadlines.js";
import type { FairScheduler } from "../base/fair-scheduler.js";
import type { Logger } from "../base/logger.js";
import type { RateLimitedLog } from "../base/rate-limited-log.js";
import type { SendSteps } from "../call/send-steps.js";
import type { Casts } from "../cast/casts.js";
import type { Clients } from "../client/clients.js";
import type { Encoding } from "../codec/index.js";
import type { Discovery } from "../discovery/discovery.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Letterbox } from "../letterbox/letterbox.js";
import type { StoreQueue } from "../letters/store-queue.js";
import type { Stores } from "../letters/stores.js";
import type { Link } from "../link/index.js";
import type { MetadataRules } from "../metadata/metadata.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";
import type { Peers } from "../peers/peer.js";
import type { Watches } from "../presence/watches.js";
import type { HandlerSteps } from "../serve/handler-steps.js";
import type { TransitDelay } from "../serve/transit-delay.js";
import type { Answers } from "../wire/answers.js";

/** What the parts of a bus share. */
export interface Core {
  readonly service: string;
  readonly instance: string;
  /** `<service>/<instance>`, sent with every request. */
  readonly from: string;
  /** Sorted by name, and frozen. */
  readonly tags: Tags;
  readonly prefix: string | undefined;
  readonly encoding: Encoding;
  readonly link: Link;
  readonly inbox: Inbox;
  readonly readyWhen: "connected" | "started";
  readonly events: BusEmitter;
  readonly counts: Counts;
  readonly log: Logger;
  /** Rate limited, for lines that any message may cause. */
  readonly limitedLog: RateLimitedLog;
  readonly peers: Peers;
  readonly discovery: Discovery;
  readonly deadlines: Deadlines;
  readonly scheduler: FairScheduler;
  readonly transitDelay: TransitDelay;
  readonly answers: Answers;
  readonly metadata: MetadataRules;
  readonly sendSteps: SendSteps;
  readonly handlerSteps: HandlerSteps;
  readonly storeQueue: StoreQueue;
  readonly stores: Stores;
}

/** The parts of a bus. */
export interface Parts {
  readonly core: Core;
  readonly casts: Casts;
  readonly clients: Clients;
  readonly watches: Watches;
  readonly letterboxes: Set<Letterbox>;
}

/** The key of a bus's core, for other functions of this package; registered, as are all such keys: see decision 0030. */
export const coreOfBus: unique symbol = Symbol.for("muove.core");
