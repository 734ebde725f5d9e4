import { call, cast, mailbox } from "muove";
import { z } from "zod";

/** What the services of the failure tests say to one another. */
export const worker = mailbox("worker", {
  /** Echoes; the plain call. */
  echo: call({ input: z.object({ text: z.string() }), output: z.object({ text: z.string() }), timeout: 250 }),
  /** Says which instance answers. */
  who: call({ output: z.string(), timeout: 250 }),
  /** Answers at once; with the default timeout. */
  hello: call({ output: z.string() }),
  /** Takes 150 ms, and does not look at its signal. */
  ponder: call({ output: z.string() }),
  /** Computes for so many ms of CPU time, blocking its event loop. */
  spin: call({ input: z.object({ ms: z.number() }), output: z.object({ ms: z.number() }), timeout: 250 }),
  /** Noted by the service, like `note`, but asked for. */
  record: call({ input: z.object({ text: z.string() }), timeout: 250 }),
  /** Waits for so many ms, or until its signal aborts. */
  wait: call({ input: z.object({ ms: z.number() }), output: z.object({ aborted: z.boolean() }), timeout: 60_000 }),
  /** Throws. */
  crash: call({ input: z.object({ how: z.enum(["throws", "rejects"]) }) }),
  /** Never returns, and does not look at its signal. */
  hang: call({ timeout: 250 }),
  /** Gives back so many bytes of text. */
  large: call({ input: z.object({ bytes: z.int() }), output: z.object({ text: z.string() }), timeout: 2_000 }),
  /** Computes like `spin`, for nobody who waits. */
  toil: cast({ input: z.object({ ms: z.number() }) }),
  /** Counted by the service. */
  note: cast({ input: z.object({ text: z.string() }) }),
});
