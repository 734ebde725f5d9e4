import { parse as parseForm } from "node:querystring";
import Fastify, { type FastifyInstance } from "fastify";
import type { Bus } from "muove";
import { orderRoutes } from "./order/routes.js";
import { others } from "./others.js";
import { pageRoutes } from "./page/routes.js";

/** The shop's HTTP side. It calls the others through `bus` and has a page to show whatever happened to them. */
export function storefront(bus: Bus): FastifyInstance {
  const http = Fastify();
  const clients = others(bus);
  // A browser without JavaScript sends its order in this form.
  http.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) =>
    done(null, { ...parseForm(String(body)) }),
  );
  pageRoutes(http, bus, clients);
  orderRoutes(http, bus, clients);
  http.get("/status", () => bus.status);
  return http;
}
