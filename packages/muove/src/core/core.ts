import type { Logger } from "pino";
import type { Tags } from "../address/tags.js";
import type { Deadlines } from "../base/deadlines.js";
import type { FairScheduler } from "../base/fair-scheduler.js";
import type { RateLimitedLog } from "../base/rate-limited-log.js";
import type { RetryBudget } from "../call/retry-budget.js";
import type { Encoding } from "../codec/index.js";
import type { Discovery } from "../discovery/discovery.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import type { Peers } from "../peers/peer.js";
import type { TransitDelay } from "../serve/transit-delay.js";
import type { Answers } from "../wire/answers.js";
import type { Counts } from "./counts.js";
import type { Events } from "./events.js";

/** What the parts of one bus share. */
export interface Core {
  readonly service: string;
  readonly instance: string;
  /** `<service>/<instance>`, as it travels with every request. */
  readonly from: string;
  /** What this instance is, for those who choose by it. Sorted by name, and frozen. */
  readonly tags: Tags;
  readonly prefix: string | undefined;
  readonly encoding: Encoding;
  readonly fallbackTimeout: number;
  readonly link: Link;
  readonly inbox: Inbox;
  readonly events: Events;
  readonly counts: Counts;
  readonly log: Logger;
  /** The log, for what may come with every message. */
  readonly sparsely: RateLimitedLog;
  readonly peers: Peers;
  readonly retryBudget: RetryBudget;
  readonly discovery: Discovery;
  readonly deadlines: Deadlines;
  readonly turns: FairScheduler;
  readonly transit: TransitDelay;
  /** Added to the clock of `performance.now()`: others see one whose origin they cannot guess. */
  readonly clockOrigin: number;
  readonly answers: Answers;
}
