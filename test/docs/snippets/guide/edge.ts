// #region edge
import { createServer, type ServerResponse } from "node:http";
import { type Bus, healthHandler, lastKnown } from "muove";
import { stock } from "./contract.js";

/** Aborts when the connection closes: the browser has gone away. */
function goneAway(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.on("close", () => controller.abort());
  return controller.signal;
}

export function edge(bus: Bus) {
  const health = healthHandler(bus);
  return createServer(async (request, response) => {
    if (health(request, response)) return; // /livez, /readyz and /healthz
    const here = bus.within({ timeout: 800, signal: goneAway(response) });
    const level = await here.to(stock).level({ sku: "tea" }).orElse(lastKnown(), { pieces: 0 });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ pieces: level.value.pieces, degraded: level.status === "degraded" }));
  });
}
// #endregion
