import { call, cast, type Handlers, mailbox } from "muove";
import { z } from "zod";

/** Long, for slow machines. A test that is about time sets its own. */
const timeout = 5_000;

/** The contract of the conformance suite, with messages of every form. */
export const pricing = mailbox(
  "pricing",
  {
    quote: call({
      input: z.object({ sku: z.string(), quantity: z.int().positive() }),
      output: z.object({ cents: z.int() }),
      errors: { SOLD_OUT: z.object({ until: z.string() }), GONE: z.undefined() },
      timeout,
    }),
    echo: call({ input: z.unknown(), output: z.unknown(), timeout }),
    ping: call({ timeout }),
    tell: call({ input: z.string(), timeout }),
    count: call({ output: z.int(), timeout }),
    repriced: cast({ input: z.object({ sku: z.string() }) }),
    flush: cast(),
  },
  { version: "1.2.0" },
);

export type Pricing = typeof pricing.messages;

/** Handlers for all messages; a test may replace some. */
export const handlers = (own: Partial<Handlers<Pricing>> = {}): Handlers<Pricing> => ({
  quote: ({ quantity }) => ({ cents: quantity * 100 }),
  echo: (input) => input,
  ping: () => {},
  tell: () => {},
  count: () => 1,
  repriced: () => {},
  flush: () => {},
  ...own,
});

export const one = { sku: "a", quantity: 1 };
