import { call, mailbox } from "muove";
import { z } from "zod";
import { sku } from "./sku.js";

export const product = z.object({ sku, name: z.string(), description: z.string() });
export type Product = z.infer<typeof product>;

export const catalogue = mailbox(
  "catalogue",
  {
    product: call({
      input: z.object({ sku }),
      output: product,
      errors: { UNKNOWN_PRODUCT: z.object({ sku }) },
      timeout: 250,
      idempotent: true,
    }),
  },
  { version: "1.0.0" },
);
