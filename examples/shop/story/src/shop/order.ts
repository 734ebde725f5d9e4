import { z } from "zod";
import { type Timed, timed } from "./timed.js";

const orderBody = z.object({
  placed: z.enum(["yes", "no", "unknown"]),
  order: z.object({ price: z.string(), reserved: z.boolean() }).optional(),
  error: z.object({ code: z.string() }).optional(),
  unavailable: z.object({ reason: z.string() }).optional(),
});

export interface Order {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
}

/** The result of an order: the HTTP answer, and its content in a few words. */
export interface Ordered extends Timed {
  readonly says: string;
}

export async function placeOrder(url: string, order: Order): Promise<Ordered> {
  const answer = await timed(`${url}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(order),
  });
  return { ...answer, says: inWords(answer) };
}

function inWords({ status, body }: Timed): string {
  const read = orderBody.safeParse(status === 0 ? undefined : JSON.parse(body));
  if (!read.success) return "no answer that makes sense";
  const { placed, order, error, unavailable } = read.data;
  if (order) return `placed at the ${order.price} price, ${order.reserved ? "put aside" : "stock to be confirmed"}`;
  const why = error?.code ?? unavailable?.reason ?? "?";
  return placed === "no" ? `not placed: ${why}` : `perhaps placed: ${why}`;
}
