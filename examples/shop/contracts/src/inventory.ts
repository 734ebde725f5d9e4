import { call, mailbox } from "muove";
import { z } from "zod";
import { sku } from "./sku.js";

const pieces = z.int().nonnegative();

export const inventory = mailbox(
  "inventory",
  {
    /** How many pieces are left. Null means "not known": callers need that when nobody answers. */
    level: call({
      input: z.object({ sku }),
      output: z.object({ left: pieces.nullable() }),
      timeout: 150,
      idempotent: true,
    }),
    /** Puts pieces aside for an order. Calling it again for the same order puts no more aside. */
    reserve: call({
      input: z.object({ order: z.uuid(), sku, quantity: z.int().positive() }),
      output: z.object({ left: pieces }),
      errors: { SOLD_OUT: z.object({ left: pieces }) },
      timeout: 250,
      idempotent: true,
    }),
  },
  { version: "1.0.0" },
);
