import { rules } from "@muove/contract/internal";

/** How much a mailbox, or a listener, takes on. */
export interface Capacity {
  readonly concurrency: number;
  readonly backlog: number;
  readonly longest: number | undefined;
}

export interface CapacityOptions {
  /** How many handlers may run at the same time. Default 64. */
  readonly concurrency?: number | undefined;
  /** How many messages may wait for a handler. Default 1,024. */
  readonly backlog?: number | undefined;
  /**
   * How long a handler may take, in ms, however long its caller would wait: then its signal aborts, its slot goes to the next
   * message, and as many of these as there are slots make the service unlive. Default: for a call the contract's timeout, for a cast or an event
   * 30,000.
   */
  readonly longest?: number | undefined;
}

export const capacityRules = { concurrency: rules.count, backlog: rules.count, longest: rules.milliseconds };

export function capacityOf({ concurrency = 64, backlog = 1_024, longest }: CapacityOptions): Capacity {
  return { concurrency, backlog, longest };
}
