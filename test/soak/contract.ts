import { call, cast, mailbox } from "muove";
import { z } from "zod";

const input = z.object({ id: z.string(), ms: z.number() });
const output = z.object({ by: z.string() });

/**
 * What the soak's callers say to its workers. Each id is one call, or one cast, and every start of a handler is
 * recorded.
 */
export const soak = mailbox("soak", {
  once: call({ input, output, timeout: 1_000 }),
  /** May be repeated when it may have been delivered. */
  again: call({ input, output, timeout: 1_500, idempotent: true }),
  tell: cast({ input, whenUnreachable: { bufferFor: 500 } }),
});
