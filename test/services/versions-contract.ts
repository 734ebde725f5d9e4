import { call, mailbox } from "muove";
import { z } from "zod";

const place = call({ input: z.object({ sku: z.string() }), output: z.object({ id: z.string() }), timeout: 2_000 });

/** The contract before a deploy. */
export const before = mailbox(
  "orders",
  {
    place,
    /** Removed by the deploy. */
    fax: call({ output: z.string(), timeout: 2_000 }),
    /** Takes another input after the deploy. */
    total: call({ input: z.object({ cents: z.int() }), output: z.object({ cents: z.int() }), timeout: 2_000 }),
    /** Has another output after the deploy. */
    count: call({ output: z.object({ orders: z.int() }), timeout: 2_000 }),
  },
  { version: "1.0.0" },
);

/** The contract after the deploy. */
export const after = mailbox(
  "orders",
  {
    place: call({
      input: z.object({ sku: z.string(), note: z.string().optional() }),
      output: z.object({ id: z.string(), by: z.string().optional() }),
      timeout: 2_000,
    }),
    /** New. */
    track: call({ input: z.object({ id: z.string() }), output: z.string(), timeout: 2_000 }),
    total: call({ input: z.object({ euros: z.string() }), output: z.object({ cents: z.int() }), timeout: 2_000 }),
    count: call({ output: z.object({ orders: z.string() }), timeout: 2_000 }),
  },
  { version: "2.0.0" },
);
