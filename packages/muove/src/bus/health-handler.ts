import type { IncomingMessage, ServerResponse } from "node:http";
import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Bus } from "./bus.js";
import { busProblems } from "./bus-problems.js";
import type { Health } from "./health.js";

const checks: Readonly<Record<string, (health: Health) => boolean>> = {
  "/livez": ({ live }) => live,
  "/readyz": ({ ready }) => ready,
  "/healthz": ({ live, ready }) => live && ready,
};

export interface HealthHandlerOptions {
  /**
   * Answers with all of `bus.health`: missing peers, stuck mailboxes, refused subjects. This shows internal names, so
   * use it only on a port that is not public. Default false.
   */
  readonly details?: boolean | undefined;
}

/**
 * Answers `/livez`, `/readyz` and `/healthz` with 200 or 503, and `live`, `ready` and `degraded` as JSON; a degraded
 * service is still a 200. `/healthz` is both, for people: as a liveness probe it would restart services because NATS is
 * missing. Works with `node:http`, and in front of any framework based on it.
 *
 * @returns a request listener that returns whether it answered, so that other requests can go to another handler.
 * @throws InvalidOptions
 */
export function healthHandler(
  bus: Bus,
  options: HealthHandlerOptions = {},
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const problems = optionProblems(options, { details: rules.boolean });
  problems.unshift(...busProblems(bus));
  if (problems.length > 0) throw new InvalidOptions("The options of healthHandler()", problems);
  const { details = false } = options;
  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const check = Object.hasOwn(checks, path) ? checks[path] : undefined;
    if (check === undefined) return false;
    const health = bus.health;
    response.writeHead(check(health) ? 200 : 503, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(details ? health : summaryOf(health)));
    return true;
  };
}

const summaryOf = ({ live, ready, degraded }: Health): Pick<Health, "live" | "ready" | "degraded"> => ({
  live,
  ready,
  degraded,
});
