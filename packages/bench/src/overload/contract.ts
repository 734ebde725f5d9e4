import { call, mailbox } from "muove";
import { z } from "zod";

/** Work of one millisecond of CPU. */
export const work = mailbox("work", {
  spin: call({ input: z.object({ ms: z.number() }), output: z.object({ ms: z.number() }), timeout: 250 }),
});
