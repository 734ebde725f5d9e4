import { call, cast, event, mailbox } from "muove";
import { z } from "zod";

const sku = z.object({ sku: z.string() });
const waited = z.object({ aborted: z.boolean() });

/** The attacked mailbox: in the guide's nats.conf its callers, and so the peer, may write to it. */
export const stock = mailbox("stock", {
  /** Answers at once. */
  level: call({ input: sku, output: z.object({ pieces: z.int() }), timeout: 2_000, idempotent: true }),
  /** Notes its id in the ledger, waits for this many ms, and answers with the instance's id. */
  reserve: call({
    input: z.object({ id: z.string(), ms: z.number() }),
    output: z.object({ by: z.string() }),
    timeout: 2_000,
  }),
  /** Waits for this many ms, or until its signal aborts. */
  wait: call({ input: z.object({ ms: z.number() }), output: waited, timeout: 5_000 }),
  /** Throws. */
  crash: call({ input: sku, timeout: 2_000 }),
  /** Noted in the ledger. */
  sold: cast({ input: z.object({ id: z.string() }) }),
  soldOut: event({ input: sku }),
});

/** The mailbox of the caller. */
export const basket = mailbox("basket", {
  check: call({ input: sku, output: z.object({ available: z.boolean() }), timeout: 2_000 }),
  paid: event({ input: sku }),
});
