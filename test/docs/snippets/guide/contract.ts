// #region contract
import { call, cast, event, mailbox } from "@muove/contract";
import { z } from "zod";

export const stock = mailbox(
  "stock",
  {
    level: call({
      input: z.object({ sku: z.string() }),
      output: z.object({ pieces: z.int() }),
      timeout: 300, // ms; 1,000 when left out
      idempotent: true, // Safe to send again when it may have been delivered.
    }),
    reserve: call({
      input: z.object({ sku: z.string(), pieces: z.int().positive() }),
      output: z.object({ left: z.int() }),
      errors: { SOLD_OUT: z.object({ left: z.int() }) },
    }),
    sold: cast({
      input: z.object({ sku: z.string(), pieces: z.int() }),
      whenUnreachable: { bufferFor: 30_000 }, // ms; "fail" when left out
    }),
    soldOut: event({ input: z.object({ sku: z.string() }) }),
  },
  { version: "1.0.0" },
);
// #endregion
