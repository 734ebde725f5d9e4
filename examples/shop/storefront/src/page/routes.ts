import { sku } from "@shop/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Bus } from "muove";
import { budget } from "../budget.js";
import type { Others } from "../others.js";
import { wantsHtml } from "../wants-html.js";
import { notFoundView } from "./not-found-view.js";
import { productPage } from "./product-page.js";
import { productView } from "./product-view.js";

/** The product in the shop window. */
const featured = "mug";

/** `GET /` and `GET /products/:sku`: the same page, as HTML for people and as JSON for programs. */
export function pageRoutes(http: FastifyInstance, bus: Bus, others: Others): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, wanted: string) => {
    const known = sku.safeParse(wanted);
    const page = known.success ? await productPage(known.data, bus.within({ timeout: budget }), others) : undefined;
    reply.header("vary", "accept");
    if (wantsHtml(request)) reply.type("text/html; charset=utf-8");
    if (page !== undefined) return wantsHtml(request) ? productView(page) : page;
    reply.code(404);
    return wantsHtml(request) ? notFoundView(wanted) : { error: { code: "UNKNOWN_PRODUCT", data: { sku: wanted } } };
  };
  http.get("/", (request, reply) => show(request, reply, featured));
  http.get<{ Params: { sku: string } }>("/products/:sku", (request, reply) => show(request, reply, request.params.sku));
}
