import { call, cast, mailbox } from "muove";
import { z } from "zod";

const question = z.object({ id: z.int(), sku: z.string(), quantity: z.int().positive(), note: z.string() });

/** Nobody serves it. */
export const nobody = mailbox("nobody", { quote: call({ input: question }), sold: cast({ input: question }) });

/** Its service holds any number of calls until it is asked to answer them. */
export const holding = mailbox("holding", { hold: call({ input: question, output: z.int(), timeout: 60_000 }) });

/** Like `holding`, but with room for one call. */
export const full = mailbox("full", { hold: call({ input: question, output: z.int(), timeout: 60_000 }) });
