import { call, cast, event, mailbox } from "muove";
import { z } from "zod";

/** The target of hostile and random messages. All its handlers end by themselves. It listens to its own event. */
export const target = mailbox("target", {
  price: call({
    input: z.object({ sku: z.string(), quantity: z.int() }),
    output: z.object({ cents: z.int() }),
    timeout: 5_000,
  }),
  ping: call({ output: z.string(), timeout: 5_000 }),
  crash: call({
    input: z.object({ how: z.enum(["throws", "rejects", "rejects later", "throws nothing", "throws what throws"]) }),
    timeout: 5_000,
  }),
  /** Waits for this many ms, and rejects when its signal aborts. */
  pause: call({ input: z.object({ ms: z.int().max(60_000) }), timeout: 5_000 }),
  /** Throws. */
  trip: cast(),
  noted: cast({ input: z.object({ text: z.string() }) }),
  told: event({ input: z.object({ text: z.string() }) }),
});
