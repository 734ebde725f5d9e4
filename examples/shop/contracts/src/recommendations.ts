import { call, cast, mailbox } from "muove";
import { z } from "zod";
import { sku } from "./sku.js";

export const recommendations = mailbox(
  "recommendations",
  {
    /** What goes well with it, best first. */
    forProduct: call({
      input: z.object({ sku }),
      output: z.array(sku),
      timeout: 400,
      idempotent: true,
    }),
    /** Somebody looked at it. A cast: nobody waits for it, and a lost one is not worth sending again. */
    viewed: cast({ input: z.object({ sku }) }),
  },
  { version: "1.0.0" },
);
