// #region fastify
import { type FastifyInstance, type FastifyReply, fastify } from "fastify";
import { type Bus, healthHandler, InvalidInput, InvalidMetadata, lastKnown, type NoAnswer, TooLarge } from "muove";
import { stock } from "../guide/contract.js";

/** What the caller did wrong is its own status; what others did is a 503 that says when to come again. */
export function httpServer(bus: Bus): FastifyInstance {
  const app = fastify();

  app.setErrorHandler((error, _, reply) => {
    if (error instanceof InvalidInput || error instanceof InvalidMetadata)
      return reply.code(400).send({ issues: error.issues });
    if (error instanceof TooLarge) return reply.code(413).send({ error: error.code });
    return reply.send(error);
  });

  const health = healthHandler(bus);
  for (const path of ["/livez", "/readyz", "/healthz"]) {
    app.get(path, (request, reply) => {
      reply.hijack(); // It is answered here, past Fastify.
      health(request.raw, reply.raw);
    });
  }

  app.get<{ Params: { sku: string } }>("/stock/:sku", async ({ params }, reply) => {
    const here = bus.within({ timeout: 800, signal: goneAway(reply) });
    const level = await here
      .to(stock)
      .level(params)
      .orElse(lastKnown({ maxAge: 60_000 }), { pieces: 0 });
    return { ...level.value, sure: level.status === "ok" };
  });

  app.post("/reservations", async ({ body }, reply) => {
    const here = bus.within({ timeout: 800, signal: goneAway(reply) });
    const outcome = await here.to(stock).reserve(body as { sku: string; pieces: number });
    switch (outcome.status) {
      case "ok":
        return reply.code(201).send(outcome.value);
      case "failed":
        return reply.code(409).send(outcome.error);
      default:
        return unanswered(reply, outcome);
    }
  });

  return app;
}

/** Nothing can stand in for a reservation. The client learns whether it is safe to send it again. */
function unanswered(reply: FastifyReply, { reason, delivered, ...rest }: NoAnswer): FastifyReply {
  const wait = "retryAfter" in rest ? Math.ceil(rest.retryAfter / 1_000) : 1;
  if (delivered === "no") reply.header("retry-after", wait);
  return reply.code(503).send({ reason, delivered });
}

/** Aborts when the connection closes: the browser has gone away. */
function goneAway(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.on("close", () => controller.abort());
  return controller.signal;
}
// #endregion
