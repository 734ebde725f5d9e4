import { Html, html } from "./html.js";
import { style } from "./style.js";

/** A whole document around the content of one page. */
export function layout(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title} – The Kettle Shop</title>
<style>${new Html(style)}</style>
</head>
<body>
<header><a href="/">The Kettle Shop</a><span>It keeps moving.</span></header>
<main>
${content}
</main>
<footer>An example of Muove. <a href="/status">The state of this storefront</a></footer>
</body>
</html>
`.text;
}
