import { call, cast, mailbox } from "muove";
import { z } from "zod";

const question = z.object({ id: z.int(), sku: z.string(), quantity: z.int().positive(), note: z.string() });

/** Nobody serves it. */
export const nobody = mailbox("nobody", { quote: call({ input: question }), sold: cast({ input: question }) });

/** Its service keeps what it is asked until it is told otherwise; it takes as many as it is asked for. */
export const holding = mailbox("holding", { hold: call({ input: question, output: z.int(), timeout: 60_000 }) });

/** The same, but it takes one only. */
export const full = mailbox("full", { hold: call({ input: question, output: z.int(), timeout: 60_000 }) });
