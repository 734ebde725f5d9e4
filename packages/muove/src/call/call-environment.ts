import type { Deadlines } from "../base/deadlines.js";
import type { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Encoding } from "../codec/index.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";
import type { RetryBudget } from "./retry-budget.js";

/** What calls need from their bus. */
export interface CallEnvironment {
  /** The caller: `<service>/<instance>`. */
  readonly from: string;
  /** Added to `performance.now()` on the wire, so that others cannot guess this process's clock. */
  readonly clockOrigin: number;
  readonly encoding: Encoding;
  /** How long an asynchronous fallback may take, in ms. */
  readonly fallbackTimeout: number;
  readonly link: Link;
  readonly inbox: Inbox;
  readonly deadlines: Deadlines;
  readonly retryBudget: RetryBudget;
  readonly counts: Counts;
  readonly events: BusEmitter;
  readonly limitedLog: RateLimitedLog;
}
