import type { Order } from "../shop/order.js";
import type { Stage } from "../stage/stage.js";

/** What should stand in a part's place, and why: any of the reasons will do. */
export interface ExpectedDegradation {
  readonly reasons: readonly string[];
  readonly source: string;
}

export type ExpectedParts = Readonly<Record<string, ExpectedDegradation>>;

/** An order, with the status and the words that it should be answered with. */
export interface ExpectedOrder {
  readonly order: Order;
  readonly status: number;
  readonly says: string;
  /** For the table, such as "the same order again". Default: the quantity. */
  readonly title?: string;
}

/** Something that happens to the shop, and what a customer should see of it. */
export interface Step {
  readonly title: string;
  act(stage: Stage, wait: Wait): void | Promise<void>;
  /** The parts of the page that are degraded then, and no others. */
  readonly degraded: ExpectedParts;
  readonly orders?: readonly ExpectedOrder[];
}

/** Waits for a condition, as long as that is reasonable. */
export type Wait = (what: string, condition: () => boolean) => Promise<void>;
