import { randomUUID } from "node:crypto";
import { sku } from "@shop/contracts";
import { z } from "zod";

/** An order as it is sent, as JSON or from a form. The id makes it safe to send the same order again. */
export const orderForm = z.object({
  id: z.uuid().default(() => randomUUID()),
  sku,
  quantity: z.coerce.number().int().min(1).max(999).default(1),
  /** A browser sends an empty field. */
  email: z.preprocess((text) => (text === "" ? undefined : text), z.email().optional()),
});
export type OrderForm = z.infer<typeof orderForm>;
