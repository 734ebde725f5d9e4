import type { Order } from "../shop/order.js";
import type { Stage } from "../stage/stage.js";

/** What should be shown for a part, and why: any of the reasons will do. */
export interface ExpectedDegradation {
  readonly reasons: readonly string[];
  readonly source: string;
}

export type ExpectedParts = Readonly<Record<string, ExpectedDegradation>>;

/** An order, with the status and the words of the expected answer. */
export interface ExpectedOrder {
  readonly order: Order;
  readonly status: number;
  readonly says: string;
  /** For the table, such as "the same order again". Default: the quantity. */
  readonly title?: string;
}

/** Something that happens to the shop, and what a customer should see. */
export interface Step {
  readonly title: string;
  act(stage: Stage, wait: Wait): void | Promise<void>;
  /** The parts of the page that are then degraded, and no others. */
  readonly degraded: ExpectedParts;
  readonly orders?: readonly ExpectedOrder[];
  /** Whether each letter to a customer must have come by now. */
  readonly letters?: boolean;
}

/** Waits for a condition, for a reasonable time. */
export type Wait = (what: string, condition: () => boolean) => Promise<void>;
