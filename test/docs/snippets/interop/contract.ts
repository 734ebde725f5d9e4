// #region contract
import { call, cast, event, mailbox } from "@muove/contract";
import { z } from "zod";

export const parcels = mailbox("parcels", {
  price: call({
    input: z.object({ grams: z.int().positive() }),
    output: z.object({ cents: z.int() }),
    errors: { TOO_HEAVY: z.object({ most: z.int() }) },
  }),
  count: call({ output: z.int() }),
  reset: call(),
  scanned: cast({ input: z.object({ id: z.string() }) }),
  delivered: event({ input: z.object({ id: z.string() }) }),
});
// #endregion
