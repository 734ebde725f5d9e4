import { call, mailbox } from "muove";
import { z } from "zod";
import { sku } from "./sku.js";

export const pricing = mailbox(
  "pricing",
  {
    /** The price of one piece now, after all discounts. */
    quote: call({
      input: z.object({ sku }),
      output: z.object({ cents: z.int().nonnegative() }),
      errors: { UNKNOWN_PRODUCT: z.object({ sku }) },
      timeout: 250,
      idempotent: true,
    }),
  },
  { version: "1.0.0" },
);
