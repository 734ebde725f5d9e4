import { call, cast, mailbox } from "muove";
import { z } from "zod";

/** The mailbox that most failure tests call. */
export const worker = mailbox("worker", {
  /** Echoes its input. */
  echo: call({ input: z.object({ text: z.string() }), output: z.object({ text: z.string() }), timeout: 250 }),
  /** Answers with the id of the instance. */
  who: call({ output: z.string(), timeout: 250 }),
  /** Answers at once; with the default timeout. */
  hello: call({ output: z.string() }),
  /** Takes 150 ms, and does not look at its signal. */
  ponder: call({ output: z.string() }),
  /** Computes for so many ms of CPU time, blocking its event loop. */
  spin: call({ input: z.object({ ms: z.number() }), output: z.object({ ms: z.number() }), timeout: 250 }),
  /** Noted by the service, like `note`, but a call. */
  record: call({ input: z.object({ text: z.string() }), timeout: 250 }),
  /** Waits for this many ms, or until its signal aborts. */
  wait: call({ input: z.object({ ms: z.number() }), output: z.object({ aborted: z.boolean() }), timeout: 60_000 }),
  /** Throws. */
  crash: call({ input: z.object({ how: z.enum(["throws", "rejects"]) }) }),
  /** Never returns, and ignores its signal. */
  hang: call({ timeout: 250 }),
  /** Answers with this many bytes of text. */
  large: call({ input: z.object({ bytes: z.int() }), output: z.object({ text: z.string() }), timeout: 2_000 }),
  /** Computes like `spin`, but is a cast. */
  toil: cast({ input: z.object({ ms: z.number() }) }),
  /** Noted by the service. */
  note: cast({ input: z.object({ text: z.string() }) }),
});
