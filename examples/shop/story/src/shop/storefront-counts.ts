import { z } from "zod";
import { timed } from "./timed.js";

const statusBody = z.object({ counts: z.object({ degraded: z.number(), deadLetters: z.number() }) });

/** The storefront's counts, from its /status; undefined while it does not answer. */
export async function storefrontCounts(url: string) {
  const { status, body } = await timed(`${url}/status`);
  return status === 200 ? statusBody.parse(JSON.parse(body)).counts : undefined;
}
