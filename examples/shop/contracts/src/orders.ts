import { call, event, mailbox } from "muove";
import { z } from "zod";
import { sku } from "./sku.js";

export const placedOrder = z.object({
  id: z.uuid(),
  /** For all pieces together. */
  cents: z.int().nonnegative(),
  /** Where the price came from: pricing just now, what pricing said last, or the printed price list. */
  price: z.enum(["current", "last-known", "list"]),
  /** Whether the pieces are put aside. If not, the order stands, and the customer hears later. */
  reserved: z.boolean(),
});
export type PlacedOrder = z.infer<typeof placedOrder>;

export const orders = mailbox(
  "orders",
  {
    /** Takes an order. Its id is the customer's: the same id again is the same order, so whoever is unsure asks again. */
    place: call({
      input: z.object({ id: z.uuid(), sku, quantity: z.int().positive() }),
      output: placedOrder,
      errors: {
        SOLD_OUT: z.object({ left: z.int().nonnegative() }),
        UNKNOWN_PRODUCT: z.object({ sku }),
        /** Pricing cannot be asked, and it is not on the price list either. */
        NO_PRICE: z.object({ sku }),
      },
      // Pricing and inventory one after the other, both hanging: two times 250, and some time to answer.
      timeout: 700,
      idempotent: true,
    }),
    /**
     * An order was taken, for whoever is interested. The letter to the customer is a cast instead: there is one who has to
     * write it, and if nobody does we want to know.
     */
    placed: event({ input: z.object({ sku, quantity: z.int().positive() }) }),
  },
  { version: "1.1.0" },
);
