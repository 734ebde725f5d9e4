import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type Bus,
  type Context,
  type ContextOf,
  call,
  cast,
  type EventContext,
  type EventHandler,
  event,
  type HandlerInput,
  type Handlers,
  type Listener,
  mailbox,
  none,
  type Receipt,
  type Served,
  withFallback,
} from "../index.js";

const orders = mailbox("orders", {
  place: call({ input: z.string() }),
  note: cast(),
  placed: event({ input: z.object({ id: z.string(), cents: z.string().transform(Number) }) }),
  closed: event(),
});
type Orders = typeof orders.messages;
const feed = mailbox("feed", { ticked: event({ input: z.int() }) });
declare const bus: Bus;
declare const handlers: Handlers<Orders>;

describe("the owner of a mailbox", () => {
  const own = bus.serve(orders, handlers);

  test("publishes its events with the schema's input types, and gets a receipt", () => {
    expectTypeOf(own).toEqualTypeOf<Served<Orders>>();
    expectTypeOf<keyof typeof own.publish>().toEqualTypeOf<"placed" | "closed">();
    expectTypeOf(own.publish.placed({ id: "1", cents: "5" })).toEqualTypeOf<Receipt>();
    own.publish.closed();
    own.publish.closed(undefined, { whenUnreachable: "drop" });
    // @ts-expect-error a wrong type
    own.publish.placed({ id: "1", cents: 5 });
    // @ts-expect-error no input at all
    own.publish.placed();
    // @ts-expect-error there is nothing to give
    own.publish.closed({ id: "1" });
    // @ts-expect-error nothing is waited for
    own.publish.closed(undefined, { timeout: 100 });
  });

  test("cannot publish calls, casts, or events of others", () => {
    // @ts-expect-error a call
    own.publish.place;
    // @ts-expect-error a cast
    own.publish.note;
    // @ts-expect-error another mailbox's
    own.publish.ticked;
  });

  test("has no handlers for its events, and publishes them in its handlers", () => {
    expectTypeOf<keyof Handlers<Orders>>().toEqualTypeOf<"place" | "note">();
    // @ts-expect-error an event is not handled by its owner
    bus.serve(orders, { ...handlers, placed: () => {} });
    bus.serve(orders, {
      place(id, ctx) {
        expectTypeOf(ctx).toEqualTypeOf<ContextOf<typeof orders, "place">>();
        expectTypeOf(ctx.publish.placed({ id, cents: "1" })).toEqualTypeOf<Receipt>();
        // @ts-expect-error another mailbox's
        ctx.publish.ticked;
      },
      note(_, ctx) {
        ctx.publish.closed();
        // @ts-expect-error a call is made by ctx.to()
        ctx.publish.place;
      },
    });
  });

  test("can pass its context to helpers that do not publish", () => {
    const helper = (ctx: Context<Orders["place"]>) => ctx.remaining;
    expectTypeOf(helper).parameter(0).not.toBeAny();
    bus.serve(orders, { ...handlers, place: (_, ctx) => void helper(ctx) });
  });

  test("of a mailbox with only events has no handlers", () => {
    bus.serve(feed, {}).publish.ticked(1);
    // @ts-expect-error a wrong type
    bus.serve(feed, {}).publish.ticked("1");
  });
});

describe("a client", () => {
  test("can neither call nor cast an event", () => {
    const client = bus.to(orders);
    expectTypeOf<keyof typeof client & string>().toEqualTypeOf<"place" | "note">();
    // @ts-expect-error only its owner publishes it
    client.placed;
    const reliable = withFallback(client, { place: none });
    expectTypeOf<keyof typeof reliable & string>().toEqualTypeOf<"place" | "note">();
    // @ts-expect-error an event has no fallback
    withFallback(client, { place: none, placed: none });
  });
});

describe("a listener", () => {
  test("gets the schema's output, and a context without fail, remaining and publish", () => {
    const listener = bus.on(orders.events.placed, (order, ctx) => {
      expectTypeOf(order).toEqualTypeOf<{ id: string; cents: number }>();
      expectTypeOf(ctx).toEqualTypeOf<EventContext>();
      ctx.to(orders).note();
      // @ts-expect-error nobody waits for an answer
      ctx.fail;
      // @ts-expect-error nobody waits
      ctx.remaining;
      // @ts-expect-error only the owner publishes
      ctx.publish;
    });
    expectTypeOf(listener).toEqualTypeOf<Listener>();
    bus.on(orders.events.closed, (input) => void expectTypeOf(input).toEqualTypeOf<undefined>());
  });

  test("has a group and a capacity, and no other options", () => {
    bus.on(orders.events.closed, async () => {}, { group: "mail", concurrency: 1, backlog: 10, handlerTimeout: 10 });
    bus.on(orders.events.closed, () => {}, { group: undefined });
    // @ts-expect-error its name is a string
    bus.on(orders.events.closed, () => {}, { group: 1 });
    // @ts-expect-error an unknown option
    bus.on(orders.events.closed, () => {}, { queue: "mail" });
    // @ts-expect-error it answers nobody
    bus.on(orders.events.closed, () => 1);
  });

  test("may be declared separately", () => {
    const listener: EventHandler<Orders["placed"]> = ({ cents }) => void cents.toFixed();
    bus.on(orders.events.placed, listener);
    expectTypeOf<HandlerInput<Orders["placed"]>>().toEqualTypeOf<{ id: string; cents: number }>();
    // @ts-expect-error of another event
    bus.on(orders.events.closed, listener);
  });

  test("listens to events of mailboxes, and by name to the bus's own", () => {
    expectTypeOf(bus.on("connected", ({ server }) => server.length)).toEqualTypeOf<() => void>();
    // @ts-expect-error a call is not an event
    bus.on(orders.messages.place, () => {});
    // @ts-expect-error a definition does not name its mailbox
    bus.on(orders.messages.placed, () => {});
    // @ts-expect-error the bus has no such event
    bus.on("placed", () => {});
    // @ts-expect-error the bus's own events are not shared
    bus.on("connected", () => {}, { group: "mail" });
  });
});
