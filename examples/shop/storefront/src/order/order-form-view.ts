import { type Html, html } from "../html/html.js";
import type { OrderForm } from "./order-form.js";

/** @param again whether it was sent before: then it must stay the same order, including the quantity. */
export function orderFormView({ id, sku, quantity, email }: OrderForm, button: string, again = false): Html {
  return html`<form method="post" action="/orders">
<input type="hidden" name="id" value="${id}"><input type="hidden" name="sku" value="${sku}">
<label for="quantity">Quantity</label><input id="quantity" name="quantity" type="number" min="1" max="999" required${again ? " readonly" : ""} value="${quantity}">
<label for="email">E-mail</label><input id="email" name="email" type="email"${again ? " readonly" : ""} value="${email ?? ""}">
<button>${button}</button>
</form>`;
}
