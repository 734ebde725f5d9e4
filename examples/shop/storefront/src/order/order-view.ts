import { listedName, type PlacedOrder } from "@shop/contracts";
import { type Html, html } from "../html/html.js";
import { layout } from "../html/layout.js";
import { money } from "../html/money.js";
import type { OrderAnswer } from "./order-answer.js";
import type { OrderForm } from "./order-form.js";
import { orderFormView } from "./order-form-view.js";

/** The page after an order. */
export function orderView(form: OrderForm, answer: OrderAnswer): string {
  if (answer.placed === "yes") return layout("Thank you", placedView(form, answer.order));
  if ("error" in answer) return layout("Not ordered", refusedView(form, answer.error));
  return layout("Not sure yet", unsureView(form, answer));
}

function placedView({ sku, quantity }: OrderForm, { id, cents, price, reserved, letter }: PlacedOrder): Html {
  return html`<section${reserved ? undefined : html` class="degraded"`}>
<h1>Thank you</h1>
<p>${quantity} × ${listedName(sku)} for <strong>${money(cents)}</strong>${prices[price]}.</p>
<p>${reserved ? "It is put aside for you." : "We are checking our shelves, and write to you."}</p>
<p>${letters[letter]}</p>
<p>Your order: <code>${id}</code></p>
</section>`;
}

const prices: Readonly<Record<PlacedOrder["price"], string>> = {
  current: "",
  "last-known": " (the last price that we know)",
  list: " (the price from our printed list)",
};

const letters: Readonly<Record<PlacedOrder["letter"], string>> = {
  kept: "You get a letter about it.",
  later: "You get a letter about it later: it is noted, and not with our writers yet.",
};

type Refusal = Extract<OrderAnswer, { error: unknown }>["error"];

function refusedView({ sku }: OrderForm, error: Refusal): Html {
  const why = {
    SOLD_OUT: "There are not enough pieces left.",
    UNKNOWN_PRODUCT: "We have no such product.",
    NO_PRICE: "We cannot tell its price right now.",
  }[error.code];
  return html`<section><h1>Not ordered</h1><p>${why}</p><p><a href="/products/${sku}">Back to the product</a></p></section>`;
}

type Unsure = Extract<OrderAnswer, { unavailable: unknown }>;

function unsureView(form: OrderForm, { placed, unavailable }: Unsure): Html {
  const what = placed === "no" ? "Your order has not reached us." : "Your order may have reached us.";
  return html`<section class="degraded"><h1>${what}</h1>
<p>You can safely send it again: it is the same order, and you get it once.</p>
${orderFormView(form, "Send it again", true)}
<p class="note">Degraded: <code>${unavailable.reason}</code>. ${unavailable.message}.</p></section>`;
}
