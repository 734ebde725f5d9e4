// The contract that examples 07 and 10 share with the service that they take away.

import { call, mailbox } from "muove";
import { z } from "zod";

export const pricing = mailbox("pricing", {
  quote: call({ input: z.object({ sku: z.string() }), output: z.object({ cents: z.int() }), timeout: 150 }),
});
