import { cast, mailbox } from "muove";
import { z } from "zod";
import { placedOrder } from "./orders.js";
import { sku } from "./sku.js";

export const orderPlaced = placedOrder.extend({ sku, quantity: z.int().positive() });
export type OrderPlaced = z.infer<typeof orderPlaced>;

export const notifications = mailbox(
  "notifications",
  { orderPlaced: cast({ input: orderPlaced }) },
  { version: "1.0.0" },
);
