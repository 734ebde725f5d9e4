import { cast, mailbox } from "muove";
import { z } from "zod";
import { placedOrder } from "./orders.js";
import { sku } from "./sku.js";

export const orderPlaced = placedOrder.extend({ sku, quantity: z.int().positive() });
export type OrderPlaced = z.infer<typeof orderPlaced>;

export const notifications = mailbox(
  "notifications",
  {
    orderPlaced: cast({ input: orderPlaced }),
    /** The result for an order that was placed before its pieces were put aside: they are now, or there are not enough. */
    orderChecked: cast({ input: orderPlaced }),
  },
  { version: "1.1.0" },
);
