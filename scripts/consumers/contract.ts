// A contract that a browser imports, too: with the oldest language and no types of Node.
import { call, isMuoveError, mailbox } from "@muove/contract";
import { z } from "zod";

export const pricing = mailbox("pricing", {
  quote: call({ input: z.object({ sku: z.string() }), output: z.object({ cents: z.number() }) }),
});
export const known = isMuoveError(pricing);
