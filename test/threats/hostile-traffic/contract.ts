import { call, cast, event, mailbox } from "muove";
import { z } from "zod";

const input = z.object({ id: z.string(), ms: z.number().max(1) });
const output = z.object({ by: z.string() });

/** The mailbox that the good caller and the peer write to. Each id is one call or cast; every start of a handler is recorded. */
export const stock = mailbox("stock", {
  /** Computes for this many ms. */
  once: call({ input, output, timeout: 1_000 }),
  again: call({ input, output, timeout: 1_000, idempotent: true }),
  tell: cast({ input, whenUnreachable: { bufferFor: 500 } }),
  /** Holds a slot for this many ms, or until its signal aborts. */
  wait: call({ input: z.object({ ms: z.number() }), timeout: 1_000 }),
  crash: call(),
  sold: event({ input: z.object({ id: z.string() }) }),
});

/** The mailbox that the good caller serves itself. */
export const basket = mailbox("basket", { check: call({ input, output, timeout: 1_000 }) });
