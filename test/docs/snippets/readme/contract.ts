// #region contract
import { call, mailbox } from "muove";
import { z } from "zod";

export const pricing = mailbox("pricing", {
  quote: call({
    input: z.object({ sku: z.string(), quantity: z.int().positive() }),
    output: z.object({ cents: z.int() }),
    errors: { NOT_SOLD: z.undefined() },
    timeout: 250, // ms
  }),
});
// #endregion
