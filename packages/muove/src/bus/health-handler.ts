import type { IncomingMessage, ServerResponse } from "node:http";
import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Bus } from "./bus.js";
import type { Health } from "./health.js";

const checks: Readonly<Record<string, (health: Health) => boolean>> = {
  "/livez": ({ live }) => live,
  "/readyz": ({ ready }) => ready,
  "/healthz": ({ live, ready }) => live && ready,
};

export interface HealthHandlerOptions {
  /**
   * Answers with the whole of `bus.health`: who is missing, which mailbox is stuck, which subjects are refused. These are names from
   * inside of a system, so this is for a port that only its supervisor and its people reach. Default false.
   */
  readonly details?: boolean | undefined;
}

/**
 * Answers `/livez`, `/readyz` and `/healthz` with 200 or 503 and, as JSON, whether the service is `live`, `ready` and `degraded`;
 * being degraded is a 200. Works with `node:http` as it is, and in front of any framework on top of it.
 *
 * @returns a listener; it gives whether it has answered, so that what it does not know can go on to somebody else.
 * @throws InvalidOptions
 */
export function healthHandler(
  bus: Bus,
  options: HealthHandlerOptions = {},
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const problems = optionProblems(options, { details: rules.boolean });
  if (problems.length > 0) throw new InvalidOptions("The options of healthHandler()", problems);
  const { details = false } = options;
  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const check = Object.hasOwn(checks, path) ? checks[path] : undefined;
    if (check === undefined) return false;
    const health = bus.health;
    response.writeHead(check(health) ? 200 : 503, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(details ? health : inShort(health)));
    return true;
  };
}

const inShort = ({ live, ready, degraded }: Health): Pick<Health, "live" | "ready" | "degraded"> => ({
  live,
  ready,
  degraded,
});
