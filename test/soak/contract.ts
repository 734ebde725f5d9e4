import { call, cast, mailbox } from "muove";
import { z } from "zod";

const input = z.object({ id: z.string(), ms: z.number() });
const output = z.object({ by: z.string() });

/**
 * The mailbox of the soak's workers. Each id is one call or cast, and every start of a handler is recorded.
 */
export const soak = mailbox("soak", {
  once: call({ input, output, timeout: 1_000 }),
  /** May be sent again when it may have been delivered. */
  again: call({ input, output, timeout: 1_500, idempotent: true }),
  tell: cast({ input, whenUnreachable: { bufferFor: 500 } }),
});
