// The same contract in the common schema libraries; types, parsing and issues come from each library.

import { type } from "arktype";
import { call, type Input, InvalidInput, mailbox, type Output } from "muove";
import * as v from "valibot";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { connected, openBus, untilOpen } from "./support/buses.js";

const pricings = {
  Zod: mailbox("pricing", {
    quote: call({
      input: z.object({ sku: z.string(), quantity: z.int().positive() }),
      output: z.object({ cents: z.int() }),
      errors: { NOT_SOLD: z.object({ sku: z.string() }) },
    }),
  }),
  Valibot: mailbox("pricing", {
    quote: call({
      input: v.object({ sku: v.string(), quantity: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
      output: v.object({ cents: v.pipe(v.number(), v.integer()) }),
      errors: { NOT_SOLD: v.object({ sku: v.string() }) },
    }),
  }),
  ArkType: mailbox("pricing", {
    quote: call({
      input: type({ sku: "string", quantity: "number.integer > 0" }),
      output: type({ cents: "number.integer" }),
      errors: { NOT_SOLD: type({ sku: "string" }) },
    }),
  }),
} as const;

describeOnEachBroker((kind) => {
  test.each(["Zod", "Valibot", "ArkType"] as const)(
    "a contract in %s is typed, parsed and refused alike",
    async (library) => {
      const broker = await kind.start();
      // The three contracts have the same types, so any of them stands for all.
      const pricing: typeof pricings.Zod | typeof pricings.Valibot | typeof pricings.ArkType = pricings[library];
      const [service, caller] = [openBus(broker, { service: "pricing" }), await connected(broker)];
      service.serve(pricing as typeof pricings.Zod, {
        quote: ({ sku, quantity }, ctx) => (sku === "tea" ? { cents: 450 * quantity } : ctx.fail("NOT_SOLD", { sku })),
      });
      await untilOpen(service);
      const client = caller.to(pricing as typeof pricings.Zod);

      expect(await client.quote({ sku: "tea", quantity: 2 })).toMatchObject({ status: "ok", value: { cents: 900 } });
      expect(await client.quote({ sku: "gold", quantity: 1 })).toMatchObject({
        status: "failed",
        error: { code: "NOT_SOLD", data: { sku: "gold" } },
      });
      expect(() => client.quote({ sku: "tea", quantity: 0 })).toThrow(InvalidInput);
    },
  );
});

test("each library's types are inferred", () => {
  type Valibot = typeof pricings.Valibot.messages.quote;
  expectTypeOf<Input<Valibot>>().toEqualTypeOf<{ sku: string; quantity: number }>();
  expectTypeOf<Output<Valibot>>().toEqualTypeOf<{ cents: number }>();
  type ArkType = typeof pricings.ArkType.messages.quote;
  expectTypeOf<Input<ArkType>>().toEqualTypeOf<{ sku: string; quantity: number }>();
  expectTypeOf<Output<ArkType>>().toEqualTypeOf<{ cents: number }>();
});
