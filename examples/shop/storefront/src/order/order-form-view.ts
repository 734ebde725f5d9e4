import { type Html, html } from "../html/html.js";
import type { OrderForm } from "./order-form.js";

export function orderFormView({ id, sku, quantity }: OrderForm, button: string): Html {
  return html`<form method="post" action="/orders">
<input type="hidden" name="id" value="${id}"><input type="hidden" name="sku" value="${sku}">
<label for="quantity">Quantity</label><input id="quantity" name="quantity" type="number" min="1" max="999" required value="${quantity}">
<button>${button}</button>
</form>`;
}
