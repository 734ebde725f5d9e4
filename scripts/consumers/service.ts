// What a consumer of the published packages writes. Its types must be found, and nameable in declarations, however it compiles.
import type { FastifyBaseLogger } from "fastify";
import {
  type Address,
  type Bus,
  call,
  cast,
  connect,
  event,
  isFailure,
  lastKnown,
  mailbox,
  none,
  withFallback,
} from "muove";
import { pino } from "pino";
import { z } from "zod";

export const pricing = mailbox("pricing", {
  quote: call({
    input: z.object({ sku: z.string() }),
    output: z.object({ cents: z.number() }),
    errors: { GONE: z.object({ since: z.string() }) },
  }),
  ping: call(),
  repriced: cast({ input: z.string() }),
  moved: event({ input: z.string() }),
});

declare const fastify: { readonly log: FastifyBaseLogger };
export const levels = pino({ customLevels: { audit: 35 } });
export const plain = pino();
export const buses = [levels, plain, fastify.log].map((logger) => connect({ service: "shop", logger }));
export const bus = connect({ service: "shop", logger: levels });
export const log = bus.log;
log.child({ request: 1 }).info({ sku: "a" }, "a line");

export const own = bus.serve(pricing, {
  quote: ({ sku }, ctx) => {
    ctx.log.info(sku);
    return sku === "a" ? { cents: 1 } : ctx.fail("GONE", { since: "today" });
  },
  ping: () => undefined,
  repriced: () => undefined,
});
own.publish.moved("there");

export const prices = bus.to(pricing);
export const safe = withFallback(prices, { quote: [lastKnown(), { cents: 1 }], ping: none });
export async function ask(bus: Bus, to: Address): Promise<number> {
  const outcome = await bus.to(pricing, to).quote({ sku: "a" }).orElse(lastKnown(), { cents: 2 });
  return outcome.status === "failed" ? -1 : outcome.value.cents;
}
export const asked = [isFailure(1), safe.quote({ sku: "a" }), bus.status, bus.health];
