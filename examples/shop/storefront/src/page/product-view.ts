import { randomUUID } from "node:crypto";
import { listedName } from "@shop/contracts";
import { type Html, html } from "../html/html.js";
import { layout } from "../html/layout.js";
import { money } from "../html/money.js";
import { orderFormView } from "../order/order-form-view.js";
import { degradationNote } from "./degradation-note.js";
import type { PartName, ProductPage } from "./product-page.js";

/** The page for people. Each degraded part says so, and a line on top counts them. */
export function productView(page: ProductPage): string {
  const { sku, product, price, stock, degraded } = page;
  const content = html`
${banner(page)}
${section("product", page, html`<h1>${product.name}</h1>${product.description ? html`<p>${product.description}</p>` : undefined}`, "We cannot show the usual description right now.")}
${section("price", page, html`<h2>Price</h2><p class="price">${price ? money(price.cents) : "On request"}</p>`, priceNote[degraded.price?.source ?? "nothing"])}
${section("stock", page, html`<h2>In stock</h2><p>${pieces(stock.left)}</p>`, "Order anyway: we write to you when we know.")}
<section aria-label="Order"><h2>Order</h2>${orderFormView({ id: randomUUID(), sku, quantity: 1 }, "Order")}</section>
${section("recommendations", page, html`<h2>Goes well with it</h2>${links(page.recommendations)}`, "We have no suggestions right now.")}`;
  return layout(product.name, content);
}

const priceNote = {
  "last-known": "This is the last price that we know. It holds if you order now.",
  function: "This is the price from our printed list. You may be charged less.",
  constant: "",
  nothing: "We cannot tell the price right now.",
} as const;

/** Tests and the story find degraded parts by `data-degraded`. */
function section(name: PartName, { degraded }: ProductPage, content: Html, instead: string): Html {
  const degradation = degraded[name];
  if (degradation === undefined) return html`<section>${content}</section>`;
  return html`<section class="degraded" data-degraded="${name}">${content}${degradationNote(degradation, instead)}</section>`;
}

function banner({ degraded }: ProductPage): Html | undefined {
  const names = Object.keys(degraded);
  if (names.length === 0) return undefined;
  return html`<p class="note banner" role="status">Some of this page is not up to date: ${names.join(", ")}.</p>`;
}

function pieces(left: number | null): string {
  if (left === null) return "Not known";
  return left === 0 ? "Sold out" : `${left} left`;
}

function links(skus: readonly string[]): Html {
  if (skus.length === 0) return html`<p>Nothing to suggest.</p>`;
  return html`<ul>${skus.map((sku) => html`<li><a href="/products/${sku}">${listedName(sku)}</a></li>`)}</ul>`;
}
