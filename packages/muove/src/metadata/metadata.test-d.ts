import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type Bus,
  type Context,
  call,
  cast,
  connect,
  event,
  type Handlers,
  mailbox,
  type StepContext,
  supervised,
} from "../index.js";

const shop = mailbox("shop", {
  order: call({ input: z.string(), output: z.int(), errors: { GONE: z.undefined() } }),
  note: cast(),
  sold: event({ input: z.string() }),
});
type Shop = typeof shop.messages;

const schema = z.object({
  tenant: z.string(),
  locale: z.enum(["en", "de"]).default("en"),
  level: z.coerce.number().optional(),
});
type Meta = { tenant: string; locale: "en" | "de"; level?: number | undefined };

declare const plain: Bus;
const bus = connect({ service: "shop", meta: schema });

describe("a bus with a schema for metadata", () => {
  test("has its type", () => {
    expectTypeOf(bus).toEqualTypeOf<Bus<Meta>>();
    expectTypeOf(connect({ service: "shop" })).toEqualTypeOf<Bus>();
  });

  test("takes a part of it wherever something is sent, and nothing else", () => {
    bus.to(shop, { meta: { tenant: "acme", level: 7 } });
    bus.to(shop, { meta: { locale: "de" }, key: "a" });
    bus.to(bus.to(shop), { meta: { tenant: "acme" } });
    bus.toAll(shop, { meta: { tenant: undefined } });
    bus.within({ timeout: 100, meta: { tenant: "acme" } }).to(shop, { meta: { locale: "en" } });
    bus
      .serve(shop, { order: () => 1, note() {} })
      .within({ meta: { tenant: "acme" } })
      .publish.sold("a");
    // @ts-expect-error another type
    bus.to(shop, { meta: { tenant: 7 } });
    // @ts-expect-error another value
    bus.within({ meta: { locale: "fr" } });
    // @ts-expect-error another name
    bus.toAll(shop, { meta: { tenent: "acme" } });
  });

  test("gives it to handlers, listeners and steps", () => {
    bus.serve(shop, {
      order(_, ctx) {
        expectTypeOf(ctx.meta).toEqualTypeOf<Meta>();
        ctx.to(shop, { meta: { locale: "de" } });
        // @ts-expect-error another value
        ctx.to(shop, { meta: { locale: "fr" } });
        return ctx.fail("GONE");
      },
      note(_, ctx) {
        expectTypeOf(ctx.meta.locale).toEqualTypeOf<"en" | "de">();
      },
    });
    bus.on(shop.events.sold, (_, ctx) => {
      expectTypeOf(ctx.meta).toEqualTypeOf<Meta>();
    });
    bus.use({
      handle(ctx, next) {
        expectTypeOf(ctx).toEqualTypeOf<StepContext<Meta>>();
        expectTypeOf(ctx.refuse("no")).toEqualTypeOf<never>();
        return next();
      },
      send(message) {
        expectTypeOf(message.meta).toEqualTypeOf<Readonly<Record<string, string>>>();
        return {
          meta: { tenant: "acme" },
          settled(result) {
            if (result.status === "unavailable") expectTypeOf(result.delivered).toEqualTypeOf<"no" | "maybe">();
          },
        };
      },
    });
    // @ts-expect-error another type
    bus.use({ send: () => ({ meta: { tenant: 7 } }) });
    bus.use({ handle: (_, next) => next() });
    bus.use({ handle: async (_, next) => await next() });
    bus.use({ handle: (ctx, next) => (ctx.key === "a" ? ctx.fail("GONE") : next()) });
    bus.use({
      // @ts-expect-error it forgets to return it
      handle(_, next) {
        next();
      },
    });
    bus.use({ send: () => {} });
  });

  test("fits where any bus does, and so do its contexts", () => {
    const helper = (any: Bus): unknown => any.to(shop, { key: "a" });
    helper(bus);
    supervised(bus);
    const inHandler = (ctx: Context<Shop["order"], Shop>): unknown => ctx.to(shop);
    bus.serve(shop, { order: (_, ctx) => (inHandler(ctx) === undefined ? 1 : 2), note() {} });
    const handlers: Handlers<Shop> = { order: () => 1, note() {} };
    bus.serve(shop, handlers);
    const typed: Handlers<Shop, Meta> = { order: (_, { meta }) => meta.tenant.length, note() {} };
    bus.serve(shop, typed);
    // @ts-expect-error they need metadata that this bus does not have
    plain.serve(shop, typed);
  });

  test("leaves the types of its clients as they are", () => {
    expectTypeOf(bus.to(shop, { meta: { tenant: "a" } })).toEqualTypeOf(plain.to(shop));
    expectTypeOf(bus.toAll(shop, { meta: { tenant: "a" } })).toEqualTypeOf(plain.toAll(shop));
  });
});

test("a bus without a schema has no metadata", () => {
  // @ts-expect-error it needs a schema
  plain.to(shop, { meta: { tenant: "acme" } });
  // @ts-expect-error it needs a schema
  plain.within({ meta: { tenant: "acme" } });
  plain.on(shop.events.sold, (_, ctx) => {
    expectTypeOf(ctx.meta).toEqualTypeOf<unknown>();
  });
});

test("what cannot travel as text cannot be given", () => {
  const dated = connect({ service: "shop", meta: z.object({ on: z.coerce.date() }) });
  // @ts-expect-error a date
  dated.to(shop, { meta: { on: new Date() } });
  // @ts-expect-error no schema
  connect({ service: "shop", meta: { tenant: "acme" } });
});
