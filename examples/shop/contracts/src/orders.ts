import { call, event, mailbox } from "muove";
import { z } from "zod";
import { sku } from "./sku.js";

export const placedOrder = z.object({
  id: z.uuid(),
  /** For all pieces together. */
  cents: z.int().nonnegative(),
  /** Where the price came from: pricing now, pricing's last known answer, or the printed price list. */
  price: z.enum(["current", "last-known", "list"]),
  /** Whether the pieces are put aside. If not, the order stands, and the customer hears later. */
  reserved: z.boolean(),
});
export type PlacedOrder = z.infer<typeof placedOrder>;

export const orders = mailbox(
  "orders",
  {
    /** Takes an order. The customer makes its id: the same id is the same order, so a customer who is unsure sends it again. */
    place: call({
      input: z.object({ id: z.uuid(), sku, quantity: z.int().positive() }),
      output: placedOrder,
      errors: {
        SOLD_OUT: z.object({ left: z.int().nonnegative() }),
        UNKNOWN_PRODUCT: z.object({ sku }),
        /** Pricing did not answer, and the product is not on the price list either. */
        NO_PRICE: z.object({ sku }),
      },
      // Enough if pricing and inventory both hang, one after the other: two times 250, and some time to answer.
      timeout: 700,
      idempotent: true,
    }),
    /**
     * An order was taken, for whoever is interested. The letter to the customer is a cast instead: one service must write
     * it, and if nobody does, we want to know.
     */
    placed: event({ input: z.object({ sku, quantity: z.int().positive() }) }),
  },
  { version: "1.1.0" },
);
