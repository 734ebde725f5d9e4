// The contract that example 07 shares with the service that it takes away.

import { call, mailbox } from "muove";
import { z } from "zod";

export const pricing = mailbox("pricing", {
  quote: call({ input: z.object({ sku: z.string() }), output: z.object({ cents: z.int() }), timeout: 150 }),
});
