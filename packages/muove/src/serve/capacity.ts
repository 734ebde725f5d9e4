import { rules } from "@muove/contract/internal";

/** How much work a mailbox or a listener accepts. */
export interface Capacity {
  readonly concurrency: number;
  readonly backlog: number;
}

export interface CapacityOptions {
  /** How many handlers may run at the same time. Default 64. */
  readonly concurrency?: number | undefined;
  /** How many messages may wait for a handler. Default 1,024. */
  readonly backlog?: number | undefined;
}

export const capacityRules = { concurrency: rules.count, backlog: rules.count };

export function capacityOf({ concurrency = 64, backlog = 1_024 }: CapacityOptions): Capacity {
  return { concurrency, backlog };
}
