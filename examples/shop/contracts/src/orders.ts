import { call, event, mailbox } from "muove";
import { z } from "zod";
import { sku } from "./sku.js";

/** What the shop and its customer agree on. */
export const agreedOrder = z.object({
  id: z.uuid(),
  /** For all pieces together. */
  cents: z.int().nonnegative(),
  /** Where the price came from: pricing now, pricing's last known answer, or the printed price list. */
  price: z.enum(["current", "last-known", "list"]),
  /** Whether the pieces are put aside. If not, the order stands, and the customer hears later. */
  reserved: z.boolean(),
});

export type AgreedOrder = z.infer<typeof agreedOrder>;

export const placedOrder = agreedOrder.extend({
  /** Whether the letter about it is kept, and so will be written; or orders still has to send it, and goes on trying. */
  letter: z.enum(["kept", "later"]),
});
export type PlacedOrder = z.infer<typeof placedOrder>;

export const orders = mailbox(
  "orders",
  {
    /** Takes an order. The customer makes its id: the same id is the same order, so a customer who is unsure sends it again. */
    place: call({
      input: z.object({ id: z.uuid(), sku, quantity: z.int().positive(), email: z.email().optional() }),
      output: placedOrder,
      errors: {
        SOLD_OUT: z.object({ left: z.int().nonnegative() }),
        UNKNOWN_PRODUCT: z.object({ sku }),
        /** Pricing did not answer, and the product is not on the price list either. */
        NO_PRICE: z.object({ sku }),
      },
      // Enough if pricing and inventory both hang, one after the other, and nothing can keep the letter: two times 250, 100,
      // and some time to answer.
      timeout: 700,
      idempotent: true,
    }),
    /**
     * An order was taken, for whoever is interested, and gone if nobody is. The letter to the customer is a durable cast
     * instead: one service must write it, now or later.
     */
    placed: event({ input: z.object({ sku, quantity: z.int().positive() }) }),
  },
  { version: "1.2.0" },
);
