import { call, mailbox } from "muove";
import { z } from "zod";

/** The mailbox of a service in the middle, which calls others to answer. */
export const middle = mailbox("middle", {
  /** Calls a worker and an archive, and answers without them if it must. */
  report: call({
    input: z.object({ retries: z.int() }),
    output: z.object({ worker: z.string(), archive: z.string() }),
    timeout: 5_000,
  }),
  /** Asks a worker, and answers without it where it must. */
  ask: call({
    input: z.object({ how: z.enum(["nested", "budget", "budget by key"]) }),
    output: z.object({ worker: z.string() }),
    timeout: 2_000,
  }),
  /** Asks a worker that has to ponder. */
  patient: call({ output: z.object({ worker: z.string() }), timeout: 2_000 }),
  /** Needs nobody. */
  alone: call({ timeout: 2_000 }),
});

/** Nobody ever serves this. */
export const archive = mailbox("archive", {
  find: call({ input: z.object({ text: z.string() }), output: z.object({ found: z.string() }) }),
});
