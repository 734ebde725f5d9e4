import type { Deadlines } from "../base/deadlines.js";
import type { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Encoding } from "../codec/index.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";
import type { RetryBudget } from "./retry-budget.js";

/** What calls need of the bus that makes them. */
export interface CallEnvironment {
  /** Who calls: `<service>/<instance>`. */
  readonly from: string;
  /** Added to the clock of `performance.now()`: others see one whose origin they cannot guess. */
  readonly clockOrigin: number;
  readonly encoding: Encoding;
  /** How long a fallback may take that answers by a promise, in ms. */
  readonly fallbackTimeout: number;
  readonly link: Link;
  readonly inbox: Inbox;
  readonly deadlines: Deadlines;
  readonly retryBudget: RetryBudget;
  readonly counts: Counts;
  readonly events: BusEmitter;
  readonly limitedLog: RateLimitedLog;
}
