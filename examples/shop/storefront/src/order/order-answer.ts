import type { orders, PlacedOrder } from "@shop/contracts";
import type { DeclaredError, Outcome } from "muove";
import type { OrderForm } from "./order-form.js";

type Refusal = DeclaredError<(typeof orders)["messages"]["place"]>;
type PlaceOutcome = Outcome<PlacedOrder, Refusal>;

/** The result of an order, as far as the storefront knows. */
export type OrderAnswer =
  | { readonly placed: "yes"; readonly order: PlacedOrder }
  | { readonly placed: "no"; readonly id: string; readonly error: Refusal }
  | {
      /** `no`: certainly not. `unknown`: perhaps. Either way it is safe to send the same order, with its id, again. */
      readonly placed: "no" | "unknown";
      readonly id: string;
      readonly unavailable: { readonly reason: string; readonly message: string };
    };

export function answerTo({ id }: OrderForm, outcome: PlaceOutcome): OrderAnswer {
  switch (outcome.status) {
    case "ok":
      return { placed: "yes", order: outcome.value };
    case "failed":
      return { placed: "no", id, error: outcome.error };
    default: {
      const { reason, message, delivered } = outcome;
      return { placed: delivered === "no" ? "no" : "unknown", id, unavailable: { reason, message } };
    }
  }
}

/**
 * The HTTP status of an answer. If orders does not answer, that is not a 5xx: this storefront works and says exactly what
 * it knows, and a proxy that retries or replaces a 5xx would only hide that. 202 is HTTP's word for "perhaps".
 */
export function statusOf(answer: OrderAnswer): number {
  if (answer.placed === "yes") return 201;
  if ("error" in answer) return answer.error.code === "UNKNOWN_PRODUCT" ? 404 : 409;
  return answer.placed === "unknown" ? 202 : 200;
}
