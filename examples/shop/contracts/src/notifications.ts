import { cast, mailbox } from "muove";
import { z } from "zod";
import { agreedOrder } from "./orders.js";
import { sku } from "./sku.js";

export const orderPlaced = agreedOrder.extend({
  sku,
  quantity: z.int().positive(),
  /** Where the letter goes. Without it, it is handed over with the goods. */
  email: z.email().optional(),
});
export type OrderPlaced = z.infer<typeof orderPlaced>;

/** What customers are promised in writing. So both are durable: each is kept until it is written. */
export const notifications = mailbox(
  "notifications",
  {
    orderPlaced: cast({ input: orderPlaced, durable: true }),
    /** The result for an order that was placed before its pieces were put aside: they are now, or there are not enough. */
    orderChecked: cast({ input: orderPlaced, durable: true }),
  },
  // Some 100,000 letters of 600 bytes. An order that orders owes a letter for may come again after hours, so a day.
  { version: "1.2.0", mail: { maxBytes: 64 * 1_048_576, duplicateWindow: 86_400_000 } },
);
