import { call, mailbox } from "muove";
import { z } from "zod";

export const pricing = mailbox("pricing", {
  quote: call({ input: z.object({ sku: z.string() }), output: z.int(), timeout: 300 }),
});
