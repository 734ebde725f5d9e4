// #region service
import { ServiceError, Svcm } from "@nats-io/services";
import type { NatsConnection } from "@nats-io/transport-node";

/** The mailbox as a NATS service. Its default queue group is `q`, like Muove's. */
export async function addService(nc: NatsConnection) {
  const service = await new Svcm(nc).add({ name: "parcels", version: "1.0.0" });
  service.addEndpoint("price", {
    subject: "muove.parcels.price",
    handler: (error, request) => {
      if (error !== null) return;
      const { grams } = request.json<{ grams: number }>(); // Muove callers must use JSON: connect({ encoding: "json" }).
      if (grams > 5_000) throw new ServiceError(413, "too heavy");
      request.respond(JSON.stringify({ cents: 190 + grams }));
    },
  });
  return service;
}
// #endregion
