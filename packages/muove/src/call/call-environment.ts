import type { Deadlines } from "../base/deadlines.js";
import type { Encoding } from "../codec/index.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import type { MetadataRules } from "../metadata/metadata.js";
import type { CallReports } from "./call-reports.js";
import type { RetryBudget } from "./retry-budget.js";
import type { SendSteps } from "./send-steps.js";

/** Who calls, and how. */
export interface Caller {
  /** `<service>/<instance>` */
  readonly from: string;
  /** Added to `performance.now()` on the wire, so that others cannot guess this process's clock. */
  readonly clockOrigin: number;
  readonly encoding: Encoding;
  /** How long an asynchronous fallback may take, in ms. */
  readonly fallbackTimeout: number;
}

/** What carries requests out and replies back. */
export interface Transport {
  readonly link: Link;
  readonly inbox: Inbox;
  readonly deadlines: Deadlines;
}

/** What calls need from their bus. */
export interface CallEnvironment {
  readonly caller: Caller;
  readonly transport: Transport;
  readonly retryBudget: RetryBudget;
  readonly reports: CallReports;
  readonly metadata: MetadataRules;
  readonly sendSteps: SendSteps;
}
