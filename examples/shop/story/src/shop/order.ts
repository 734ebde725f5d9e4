import { z } from "zod";
import { type Timed, timed } from "./timed.js";

const orderBody = z.object({
  placed: z.enum(["yes", "no", "unknown"]),
  order: z.object({ price: z.string(), reserved: z.boolean(), letter: z.enum(["kept", "later"]) }).optional(),
  error: z.object({ code: z.string() }).optional(),
  unavailable: z.object({ reason: z.string() }).optional(),
});

export interface Order {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly email?: string;
}

/** The result of an order: the HTTP answer, and its content in a few words. */
export interface Ordered extends Timed {
  readonly says: string;
  /** Whether the letter about an order that is placed is kept, or orders sends it later. */
  readonly letter: "kept" | "later" | undefined;
}

export async function placeOrder(url: string, order: Order): Promise<Ordered> {
  const answer = await timed(`${url}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(order),
  });
  const read = orderBody.safeParse(answer.status === 0 ? undefined : JSON.parse(answer.body));
  if (!read.success) return { ...answer, says: "no answer that makes sense", letter: undefined };
  return { ...answer, says: inWords(read.data), letter: read.data.order?.letter };
}

function inWords({ placed, order, error, unavailable }: z.infer<typeof orderBody>): string {
  if (order) return `placed at the ${order.price} price, ${order.reserved ? "put aside" : "stock to be confirmed"}`;
  const why = error?.code ?? unavailable?.reason ?? "?";
  return placed === "no" ? `not placed: ${why}` : `perhaps placed: ${why}`;
}
