import { rules } from "@muove/contract/internal";

/** How much work a mailbox or a listener accepts. */
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
   * How long a handler may hold its slot, in ms, however long its caller waits. Then its signal aborts and the slot
   * goes to the next message; as many such handlers as slots make the service not live. Default: the contract's timeout
   * for a call, 30,000 for a cast or an event.
   */
  readonly longest?: number | undefined;
}

export const capacityRules = { concurrency: rules.count, backlog: rules.count, longest: rules.milliseconds };

export function capacityOf({ concurrency = 64, backlog = 1_024, longest }: CapacityOptions): Capacity {
  return { concurrency, backlog, longest };
}
