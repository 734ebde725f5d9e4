import { createServer } from "node:http";
import { type Bus, healthHandler } from "muove";

/**
 * Answers the supervisor's probes on HEALTH_PORT: `/livez`, `/readyz`, `/healthz`. Without that variable, that is without
 * a supervisor, it opens nothing. It also answers while the service drains.
 */
export function answerProbes(bus: Bus): void {
  const port = Number(process.env.HEALTH_PORT ?? 0);
  if (port === 0) return;
  const health = healthHandler(bus);
  createServer((request, response) => health(request, response) || response.writeHead(404).end()).listen(port);
}
