import type { IncomingMessage, ServerResponse } from "node:http";
import type { Bus } from "./bus.js";
import type { Health } from "./health.js";

const checks: Readonly<Record<string, (health: Health) => boolean>> = {
  "/livez": ({ live }) => live,
  "/readyz": ({ ready }) => ready,
  "/healthz": ({ live, ready }) => live && ready,
};

/**
 * Answers `/livez`, `/readyz` and `/healthz` with 200 or 503 and the health as JSON; being degraded is a 200. Works with
 * `node:http` as it is, and in front of any framework on top of it.
 *
 * @returns a listener; it gives whether it has answered, so that what it does not know can go on to somebody else.
 */
export function healthHandler(bus: Bus): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const check = Object.hasOwn(checks, path) ? checks[path] : undefined;
    if (check === undefined) return false;
    const health = bus.health;
    response.writeHead(check(health) ? 200 : 503, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(health));
    return true;
  };
}
