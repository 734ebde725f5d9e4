import { html } from "../html/html.js";
import { layout } from "../html/layout.js";

export function notFoundView(sku: string): string {
  return layout("Not found", html`<section><h1>Not found</h1><p>We have no product “${sku}”.</p></section>`);
}
