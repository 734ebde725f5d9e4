// Events: published by a mailbox's owner, listened to by anyone. Clauses E-1 to E-7 of docs/protocol.md.

import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@muove/testkit";
import { type Bus, call, cast, type EventContext, event, InvalidInput, InvalidOptions, mailbox, TooLarge } from "muove";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, deadLettersOf, gate, openBus, untilOpen } from "./support/buses.js";
import { plainClient, withHeaders } from "./support/plain.js";

/** A mailbox with a message of every kind. */
const orders = mailbox("orders", {
  place: call({ input: z.object({ id: z.int() }), timeout: 5_000 }),
  note: cast(),
  placed: event({ input: z.object({ id: z.int(), note: z.string().default("none") }) }),
  closed: event(),
  kept: event({ input: z.int(), whenUnreachable: { bufferFor: 60_000 } }),
  dropped: event({ input: z.int(), whenUnreachable: "drop" }),
});
const { placed, closed, kept } = orders.events;

const handlers = { place: () => {}, note: () => {} };

async function owning(broker: { readonly url: string }, options = {}) {
  const bus = openBus(broker, { service: "orders", ...options });
  const own = bus.serve(orders, handlers);
  await untilOpen(bus);
  return { bus, ...own };
}

/** A bus that listens to an event, and the ids it has heard. */
async function hearing(broker: { readonly url: string }, group?: string) {
  const bus = openBus(broker, { service: "listener" });
  const heard: number[] = [];
  const { stop } = bus.on(placed, ({ id }) => void heard.push(id), { group });
  await untilListening(bus);
  return { bus, heard, stop };
}

const untilListening = (bus: Bus): Promise<void> =>
  until("every listener is open", () => bus.status.listeners.every(({ state }) => state === "open"));

/**
 * Resolves when the listener's bus has received everything that the publisher sent before.
 */
async function delivered(publisher: Bus, listener: Bus): Promise<void> {
  await until("all is confirmed", () => publisher.status.pending === 0);
  await listener.to(mailbox("nobody", { here: call({ timeout: 5_000 }) })).here();
}

/** A handler that ends only after `open()`, and the ids that it has handled. */
function heldBack() {
  const { passed, open } = gate();
  const handled: number[] = [];
  const handler = async ({ id }: { readonly id: number }): Promise<void> => {
    await passed;
    handled.push(id);
  };
  return { handler, handled, open };
}

const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;

const ids = (count: number): number[] => Array.from({ length: count }, (_, id) => id);

describeOnEachBroker((kind) => {
  describe("an event", () => {
    test("reaches every listener, parsed by the contract, and its receipt comes at once", async () => {
      const broker = await kind.start();
      const { publish } = await owning(broker);
      const [one, other] = await Promise.all([connected(broker), connected(broker)]);
      const [heardByOne, heardByOther] = [vi.fn(), vi.fn()];
      one.on(placed, (input) => heardByOne(input));
      other.on(placed, (input) => heardByOther(input));
      await Promise.all([untilListening(one), untilListening(other)]);
      expect(publish.placed({ id: 1 })).toEqual({ status: "sent" });
      await until("both have heard", () => heardByOne.mock.calls.length + heardByOther.mock.calls.length === 2);
      expect(heardByOne).toHaveBeenCalledExactlyOnceWith({ id: 1, note: "none" });
      expect(heardByOther).toHaveBeenCalledExactlyOnceWith({ id: 1, note: "none" });
    });

    test("reaches every listener of one bus, the owner's included", async () => {
      const { bus, publish } = await owning(await kind.start());
      const heard: string[] = [];
      bus.on(placed, () => void heard.push("one"));
      bus.on(placed, () => void heard.push("other"));
      await untilListening(bus);
      publish.placed({ id: 1 });
      await until("both have heard", () => heard.length === 2);
      expect(heard.sort()).toEqual(["one", "other"]);
    });

    test("may have no input", async () => {
      const { bus, publish } = await owning(await kind.start());
      const heard = vi.fn();
      bus.on(closed, (input) => heard(input));
      await untilListening(bus);
      publish.closed();
      await until("it is heard", () => heard.mock.calls.length > 0);
      expect(heard).toHaveBeenCalledExactlyOnceWith(undefined);
    });

    test("reaches neither the mailbox nor listeners to its other events", async () => {
      const broker = await kind.start();
      const { bus, publish } = await owning(broker);
      const { heard } = await hearing(broker);
      publish.closed();
      publish.kept(1);
      publish.placed({ id: 1 });
      await until("it is heard", () => heard.length > 0);
      expect(heard).toEqual([1]);
      expect(bus.status.counts.received).toBe(0);
    });

    test("of a mailbox of events only is published by the bus that serves it", async () => {
      const feed = mailbox("feed", { ticked: event({ input: z.int() }) });
      const broker = await kind.start();
      const [owner, listener] = [openBus(broker), openBus(broker)];
      const own = owner.serve(feed, {});
      const heard: number[] = [];
      listener.on(feed.events.ticked, (n) => void heard.push(n));
      await Promise.all([untilOpen(owner), untilListening(listener)]);
      own.publish.ticked(7);
      await until("it is heard", () => heard.length > 0);
      expect(heard).toEqual([7]);
    });

    test.each(["json", "msgpack"] as const)("is read in %s, whatever its listener's bus writes", async (encoding) => {
      const broker = await kind.start();
      const { publish } = await owning(broker, { encoding });
      const { heard } = await hearing(broker);
      publish.placed({ id: 1 });
      await until("it is heard", () => heard.length > 0);
    });

    test("can be heard and published by any NATS client", async () => {
      const broker = await kind.start();
      const { publish } = await owning(broker, { encoding: "json" });
      const client = await plainClient(broker);
      const texts: string[] = [];
      client.subscribe("muove.orders._event.placed", { callback: (_, msg) => void texts.push(msg.string()) });
      await client.flush();
      const { heard } = await hearing(broker);
      publish.placed({ id: 1, note: "by us" });
      await until("the client has it", () => texts.length > 0);
      expect(texts).toEqual(['{"id":1,"note":"by us"}']);
      client.publish("muove.orders._event.placed", '{"id":2}');
      await until("the listener has both", () => heard.length === 2);
      expect(heard).toEqual([1, 2]);
    });

    test("that the contract forbids, or that is too large, throws at its publisher and is not sent", async () => {
      const broker = await kind.start({ maxPayload: 1_024 });
      const { bus, publish } = await owning(broker);
      expect(() => publish.placed({ id: 0.5 })).toThrow(InvalidInput);
      expect(() => publish.placed({ id: 1, note: "x".repeat(2_000) })).toThrow(TooLarge);
      expect(() => publish.placed({ id: 1 }, { whenUnreachable: "wait" as never })).toThrow(InvalidOptions);
      expect(bus.status.counts.events).toBe(0);
    });

    test("that nobody listens to is not a dead letter", async () => {
      const { bus, publish } = await owning(await kind.start());
      expect(publish.placed({ id: 1 })).toEqual({ status: "sent" });
      await until("it is confirmed", () => bus.status.pending === 0);
      expect(bus.status.counts).toMatchObject({ events: 1, casts: 0, deadLetters: 0 });
    });

    test("that the permissions refuse is a dead letter", async () => {
      const users = [{ name: "limited", denied: { publish: ["muove.orders._event.>"] } }];
      const broker = await kind.start({ users });
      const { bus, publish } = await owning(broker, { credentials: { user: "limited", pass: "limited" } });
      const letters = deadLettersOf(bus);
      publish.placed({ id: 1 });
      await until("it came back", () => letters.length > 0);
      expect(letters).toEqual([
        {
          kind: "event",
          mailbox: "orders",
          message: "placed",
          address: "orders.placed",
          input: { id: 1 },
          reason: "forbidden",
          delivered: "no",
        },
      ]);
    });
  });

  describe("listeners of a group", () => {
    test("share events: each reaches one of them, and every other group and single listener", async () => {
      const broker = await kind.start();
      const { bus, publish } = await owning(broker);
      const [m1, m2, m3, stats, alone] = await Promise.all([
        hearing(broker, "mail"),
        hearing(broker, "mail"),
        hearing(broker, "mail"),
        hearing(broker, "stats"),
        hearing(broker),
      ]);
      for (const id of ids(300)) publish.placed({ id });
      await until("all have come", () =>
        [[...m1.heard, ...m2.heard, ...m3.heard], stats.heard, alone.heard].every(({ length }) => length === 300),
      );
      await Promise.all([m1, m2, m3, stats, alone].map((listener) => delivered(bus, listener.bus)));
      expect([...m1.heard, ...m2.heard, ...m3.heard].sort((a, b) => a - b)).toEqual(ids(300));
      for (const { heard } of [m1, m2, m3]) expect(heard.length).toBeGreaterThan(30);
      expect(stats.heard).toEqual(ids(300));
      expect(alone.heard).toEqual(ids(300));
    });

    test("share events across services, also with plain NATS clients", async () => {
      const broker = await kind.start();
      const { publish } = await owning(broker, { encoding: "json" });
      const { bus, heard } = await hearing(broker, "mail");
      const client = await plainClient(broker);
      let foreign = 0;
      client.subscribe("muove.orders._event.placed", { queue: "mail", callback: () => void foreign++ });
      await client.flush();
      for (const id of ids(100)) publish.placed({ id });
      await until("all have come", () => heard.length + foreign === 100);
      expect(Math.min(heard.length, foreign)).toBeGreaterThan(10);
      const bounds = { backlog: 1_024, concurrency: 64 };
      const idle = { state: "open", forbidden: [], waiting: 0, running: 0, ...bounds };
      expect(bus.status.listeners).toEqual([{ mailbox: "orders", event: "placed", group: "mail", ...idle }]);
    });

    test("lose and repeat nothing when they are replaced one after the other", async () => {
      const broker = await kind.start();
      const { publish } = await owning(broker);
      const heard: number[] = [];
      const start = async (): Promise<Bus> => {
        const bus = openBus(broker, { service: "mail" });
        const handler = async ({ id }: { id: number }): Promise<void> => {
          await sleep(2);
          heard.push(id);
        };
        bus.on(placed, handler, { group: "mail" });
        await untilListening(bus);
        return bus;
      };
      const group = [await start(), await start(), await start()];
      let count = 0;
      const load = setInterval(() => {
        for (let i = 0; i < 5; i++) publish.placed({ id: count++ });
      });
      for (const old of group) {
        const before = count;
        await start();
        await until("it works", () => count > before + 50);
        await old.close();
      }
      clearInterval(load);
      await until("all are handled", () => heard.length >= count);
      expect(heard.sort((a, b) => a - b)).toEqual(ids(count));
    });
  });

  describe("a listener that is stopped", () => {
    test("takes no more events, and stop() resolves when those delivered are handled", async () => {
      const broker = await kind.start();
      const { bus: owner, publish } = await owning(broker);
      const bus = await connected(broker);
      const { handler, handled, open } = heldBack();
      const { stop } = bus.on(placed, handler, { concurrency: 1 });
      await untilListening(bus);
      for (const id of ids(3)) publish.placed({ id });
      await delivered(owner, bus);
      const stopped = stop();
      expect(stop()).toBeInstanceOf(Promise);
      expect(bus.status.listeners).toMatchObject([{ state: "draining", running: 1, waiting: 2 }]);
      await delivered(owner, bus);
      publish.placed({ id: 99 });
      await delivered(owner, bus);
      expect(handled).toEqual([]);
      open();
      await stopped;
      expect(handled).toEqual(ids(3));
      expect(bus.status.listeners).toEqual([]);
      await stop();
    });

    test("leaves other listeners to the same event alone", async () => {
      const broker = await kind.start();
      const { publish } = await owning(broker);
      const bus = await connected(broker);
      const heard: string[] = [];
      const { stop } = bus.on(placed, () => void heard.push("ended"));
      bus.on(placed, () => void heard.push("other"));
      await untilListening(bus);
      await stop();
      publish.placed({ id: 1 });
      await until("it is heard", () => heard.length > 0);
      expect(heard).toEqual(["other"]);
    });

    test("by close() still handles the events delivered, and on() throws from then on", async () => {
      const broker = await kind.start();
      const { bus: owner, publish } = await owning(broker);
      const bus = await connected(broker);
      let handled = 0;
      const handler = async (): Promise<void> => {
        await sleep(5);
        handled++;
      };
      bus.on(placed, handler, { concurrency: 4 });
      await untilListening(bus);
      for (const id of ids(50)) publish.placed({ id });
      await delivered(owner, bus);
      await bus.close();
      expect(handled).toBe(50);
      expect(() => bus.on(placed, () => {})).toThrow(/cannot start: this bus is closing/);
    });
  });

  describe("a listener", () => {
    test("gets no event that its contract forbids; those are rejected, counted and reported", async () => {
      const broker = await kind.start();
      const newer = mailbox("orders", { placed: event({ input: z.object({ id: z.string() }) }) });
      const owner = await connected(broker, { service: "orders" });
      const { publish } = owner.serve(newer, {});
      const { bus, heard } = await hearing(broker);
      const rejected = vi.fn();
      bus.on("rejected", rejected);
      publish.placed({ id: "a" });
      await until("the owner's event is rejected", () => rejected.mock.calls.length === 1);
      const client = await plainClient(broker);
      client.publish("muove.orders._event.placed", "{");
      client.publish("muove.orders._event.placed", '{"id":1}');
      await until("the good one is heard", () => heard.length > 0);
      expect(heard).toEqual([1]);
      expect(rejected).toHaveBeenCalledTimes(2);
      expect(rejected.mock.calls.map(([event]) => event)).toEqual([
        { address: "orders.placed", from: expect.stringMatching(/^orders\//), issues: [expect.anything()] },
        { address: "orders.placed", from: undefined, issues: [expect.anything()] },
      ]);
      expect(bus.status.counts).toMatchObject({ received: 3, rejected: 2 });
    });

    test("that throws, at once or later, counts as a crash, and gets the next event", async () => {
      const broker = await kind.start();
      const { publish } = await owning(broker);
      const bus = await connected(broker);
      const crashed = vi.fn();
      bus.on("crashed", crashed);
      const heard: number[] = [];
      bus.on(placed, ({ id }) => {
        heard.push(id);
        if (id === 0) throw new Error("at once");
        return id === 1 ? Promise.reject(new Error("later")) : undefined;
      });
      await untilListening(bus);
      for (const id of ids(3)) publish.placed({ id });
      await until("all are heard", () => heard.length === 3 && crashed.mock.calls.length === 2);
      const told = crashed.mock.calls.map(([{ address, error }]) => [address, error.message]);
      expect(told).toEqual([
        ["orders.placed", "at once"],
        ["orders.placed", "later"],
      ]);
      expect(bus.status.counts).toMatchObject({ crashed: 2 });
      expect(bus.health).toMatchObject({ live: true, ready: true });
    });

    test("that cannot keep up drops and counts what does not fit, and never answers", async () => {
      const broker = await kind.start();
      const { bus: owner, publish } = await owning(broker);
      const bus = await connected(broker);
      const { handler, handled, open } = heldBack();
      bus.on(placed, handler, { concurrency: 1, backlog: 5 });
      await untilListening(bus);
      publish.placed({ id: 0 });
      await until("it runs", () => bus.status.listeners[0]?.running === 1);
      for (const id of ids(20)) publish.placed({ id: id + 1 });
      await until("the rest is dropped", () => bus.status.counts.overloaded === 15);
      expect(bus.status.listeners).toMatchObject([{ waiting: 5, running: 1 }]);
      open();
      await until("what fitted is handled", () => handled.length === 6);
      expect(handled).toEqual(ids(6));
      expect(owner.status.counts.strayReplies).toBe(0);
    });

    test("that never ends loses its slot after its time, is told so, and as many as slots are no longer live", async () => {
      const broker = await kind.start();
      const { publish } = await owning(broker);
      const bus = await connected(broker);
      const contexts: EventContext[] = [];
      const { stop } = bus.on(placed, (_, ctx) => new Promise(() => contexts.push(ctx)), {
        concurrency: 1,
        handlerTimeout: 200,
      });
      await untilListening(bus);
      publish.placed({ id: 1 });
      await until("it runs", () => contexts.length === 1);
      expect(contexts[0]?.signal.aborted).toBe(false);
      expect(bus.status.listeners).toMatchObject([{ running: 1 }]);
      await until("it is told", () => contexts[0]?.signal.aborted === true);
      expect(bus.status.listeners).toMatchObject([{ running: 0 }]);
      await until("only a restart helps", () => !bus.health.live);
      expect(bus.status.counts.overdue).toBe(1);
      expect(bus.health).toMatchObject({
        live: false,
        problems: [expect.stringMatching(/^the listener to orders\.placed is stuck/)],
      });
      await stop();
      expect(bus.health).toMatchObject({ live: true });
    });

    test("has its own slots and backlog, so another listener and the mailbox go on", async () => {
      const broker = await kind.start();
      const { bus, publish } = await owning(broker);
      const never = gate();
      bus.on(placed, () => never.passed, { concurrency: 1, backlog: 1 });
      const heard: number[] = [];
      bus.on(placed, ({ id }) => void heard.push(id));
      await untilListening(bus);
      for (const id of ids(10)) publish.placed({ id });
      await until("the other has heard all", () => heard.length === 10);
      expect(await bus.to(orders).place({ id: 1 })).toMatchObject({ status: "ok" });
      expect(bus.status.listeners).toMatchObject([{ running: 1 }, { running: 0 }]);
      expect(bus.status.counts.overloaded).toBeGreaterThan(0);
      never.open();
    });

    test("knows who published, and passes the event's trace on", async () => {
      const broker = await kind.start();
      const { bus: owner, publish } = await owning(broker);
      const client = await plainClient(broker);
      const traced: (string | undefined)[] = [];
      client.subscribe("muove.stock.sold", {
        callback: (_, msg) => void traced.push(msg.headers?.get("traceparent")),
      });
      await client.flush();
      const bus = await connected(broker);
      const contexts: EventContext[] = [];
      bus.on(placed, (_, ctx) => {
        contexts.push(ctx);
        ctx.log.info("heard");
        ctx.to(mailbox("stock", { sold: cast() })).sold();
      });
      await untilListening(bus);
      publish.placed({ id: 1 });
      await until("it is heard", () => contexts.length === 1);
      const { service, instance } = owner.status;
      expect(contexts[0]).toMatchObject({ address: "orders.placed", from: `${service}/${instance}` });
      expect(contexts[0]?.signal.aborted).toBe(false);
      client.publish("muove.orders._event.placed", '{"id":2}', withHeaders({ traceparent }));
      await until("both have cast", () => traced.length === 2);
      expect(contexts[1]?.from).toBeUndefined();
      expect(traced[1]).toContain("a".repeat(32));
    });

    test("with a concurrency of 1 handles events in the order in which one bus published them", async () => {
      const broker = await kind.start();
      const { publish } = await owning(broker);
      const bus = await connected(broker);
      const handled: number[] = [];
      const handler = async ({ id }: { id: number }): Promise<void> => {
        await sleep(id % 3);
        handled.push(id);
      };
      bus.on(placed, handler, { concurrency: 1 });
      await untilListening(bus);
      for (const id of ids(100)) publish.placed({ id });
      await until("all are handled", () => handled.length === 100);
      expect(handled).toEqual(ids(100));
    });

    test("that the permissions refuse makes the bus not ready, and names the subject", async () => {
      const users = [{ name: "limited", denied: { subscribe: ["muove.orders._event.>"] } }];
      const broker = await kind.start({ users });
      const bus = await connected(broker, { credentials: { user: "limited", pass: "limited" } });
      const { stop } = bus.on(placed, () => {}, { group: "mail" });
      await until("it is refused", () => bus.status.listeners[0]?.state === "forbidden");
      expect(bus.status.listeners[0]?.forbidden).toEqual(["muove.orders._event.placed"]);
      expect(bus.health).toMatchObject({
        live: true,
        ready: false,
        problems: [expect.stringMatching(/^the listener to orders\.placed cannot open: .*muove\.orders\._event/)],
      });
      await stop();
      expect(bus.health).toMatchObject({ ready: true, problems: [] });
    });

    test("listens again after an outage of NATS", async () => {
      const port = await freePort();
      const broker = await kind.start({ port });
      const { publish } = await owning(broker);
      const { bus, heard } = await hearing(broker, "mail");
      await broker.kill();
      await until("it is noticed", () => bus.status.listeners[0]?.state === "pending");
      await kind.start({ port });
      await untilListening(bus);
      await until("it is heard", () => publish.placed({ id: 1 }) && heard.length > 0);
    });

    test("may start before NATS is there", async () => {
      const port = await freePort();
      const bus = openBus({ url: `127.0.0.1:${port}` });
      const heard: number[] = [];
      bus.on(placed, ({ id }) => void heard.push(id));
      expect(bus.status.listeners).toMatchObject([{ state: "pending" }]);
      expect(bus.health).toMatchObject({ live: true, ready: false });
      const broker = await kind.start({ port });
      const { publish } = await owning(broker);
      await untilListening(bus);
      publish.placed({ id: 1 });
      await until("it is heard", () => heard.length > 0);
    });
  });

  describe("a handler of the mailbox publishes", () => {
    test("as part of the trace of its message", async () => {
      const broker = await kind.start();
      const owner = openBus(broker, { service: "orders" });
      owner.serve(orders, { note: () => {}, place: ({ id }, ctx) => void ctx.publish.placed({ id }) });
      const client = await plainClient(broker);
      const headers: (string | undefined)[] = [];
      client.subscribe("muove.orders._event.placed", {
        callback: (_, msg) => void headers.push(msg.headers?.get("traceparent")),
      });
      await client.flush();
      await untilOpen(owner);
      await client.request("muove.orders.place", '{"id":1}', { timeout: 5_000, ...withHeaders({ traceparent }) });
      await until("it is published", () => headers.length > 0);
      expect(headers[0]).toContain("a".repeat(32));
    });

    test("while its bus closes", async () => {
      const broker = await kind.start();
      const owner = openBus(broker, { service: "orders" });
      const { passed, open } = gate();
      let began = false;
      owner.serve(orders, {
        note: () => {},
        async place({ id }, ctx) {
          began = true;
          await passed;
          ctx.publish.placed({ id });
        },
      });
      const { bus, heard } = await hearing(broker);
      await untilOpen(owner);
      const outcome = bus.to(orders).place({ id: 7 });
      await until("it runs", () => began);
      const closing = owner.close();
      open();
      expect(await outcome).toMatchObject({ status: "ok" });
      await closing;
      await until("it is heard", () => heard.length > 0);
      expect(heard).toEqual([7]);
    });
  });

  describe("without a connection, an event", () => {
    test("becomes a dead letter, is dropped, or is buffered and sent in order, as its contract says", async () => {
      const port = await freePort();
      const owner = openBus({ url: `127.0.0.1:${port}` }, { service: "orders" });
      const letters = deadLettersOf(owner);
      const { publish } = owner.serve(orders, handlers);
      const unsent = { status: "unsent", reason: "unreachable", delivered: "no" };
      expect(publish.placed({ id: 1 })).toEqual(unsent);
      expect(publish.dropped(1)).toEqual(unsent);
      for (const n of ids(20)) expect(publish.kept(n)).toEqual({ status: "buffered" });
      expect(letters).toMatchObject([{ kind: "event", message: "placed", reason: "unreachable", delivered: "no" }]);
      expect(owner.status.counts).toMatchObject({ events: 0, droppedEvents: 1, droppedCasts: 0, deadLetters: 1 });

      const bus = openBus({ url: `127.0.0.1:${port}` });
      const heard: number[] = [];
      bus.on(kept, (n) => void heard.push(n));
      owner.on("connected", () => void publish.kept(20));
      await kind.start({ port });
      await until("all are heard", () => heard.length === 21);
      expect(heard).toEqual(ids(21));
      expect(owner.status.counts).toMatchObject({ events: 21, deadLetters: 1 });
    });

    test("CAST-BUFFER-2 overtakes none that wait, however full the buffer is", async () => {
      const port = await freePort();
      const url = `127.0.0.1:${port}`;
      const owner = openBus({ url }, { service: "orders", castBuffer: 2 });
      const letters = deadLettersOf(owner);
      const { publish } = owner.serve(orders, handlers);
      const kept = (n: number) => publish.kept(n).status;
      expect([1, 2, 3].map(kept)).toEqual(["buffered", "buffered", "unsent"]);
      await kind.start({ port });
      await owner.connected();
      expect(kept(4)).toBe("unsent"); // Nobody listens yet, so the first two wait on.
      const heard: number[] = [];
      openBus({ url }).on(orders.events.kept, (n) => void heard.push(n));
      await until("those that waited are heard", () => heard.length === 2);
      await until("nothing waits any more", () => owner.status.pending === 0);
      expect(kept(5)).toBe("sent");
      await until("the last one is heard", () => heard.length === 3);
      expect(heard).toEqual([1, 2, 5]);
      expect(letters.map(({ input }) => input)).toEqual([3, 4]);
    });

    test("waits no longer than it may, and is a dead letter then", async () => {
      const owner = openBus({ url: `127.0.0.1:${await freePort()}` });
      const letters = deadLettersOf(owner);
      const { publish } = owner.serve(orders, handlers);
      publish.placed({ id: 1 }, { whenUnreachable: { bufferFor: 20 } });
      publish.placed({ id: 2 }, { whenUnreachable: { bufferFor: 60_000 } });
      await until("it is a dead letter", () => letters.length === 1);
      await owner.close();
      expect(letters).toMatchObject([{ input: { id: 1 } }, { input: { id: 2 } }]);
    });

    test("that was buffered and has no listener does not hold others up", async () => {
      const port = await freePort();
      const url = `127.0.0.1:${port}`;
      const owner = openBus({ url }, { service: "orders" });
      const letters = deadLettersOf(owner);
      const { publish } = owner.serve(orders, handlers);
      publish.closed(undefined, { whenUnreachable: { bufferFor: 60_000 } });
      publish.kept(1);
      const bus = openBus({ url });
      const heard: number[] = [];
      bus.on(kept, (n) => void heard.push(n));
      const start = performance.now();
      await kind.start({ port });
      await until("the other event is heard", () => heard.length > 0);
      expect(performance.now() - start).toBeLessThan(4_000); // The first still waits for a listener then.
      await until("its wait for a listener is over", () => owner.status.counts.events === 2);
      expect(letters).toEqual([]);
    });
  });
});

describe("on() and serve() throw", () => {
  const bus = openBus.bind(undefined, { url: "127.0.0.1:1" });

  test("for anything but the name of a bus event or an event of a mailbox", () => {
    for (const what of [orders, orders.messages.placed, undefined, null, 7, {}, () => {}]) {
      expect(() => bus().on(what as never, () => {})).toThrow(InvalidOptions);
      expect(() => bus().on(what as never, () => {})).toThrow(
        /it must listen to the name of .* or an event of a mailbox/,
      );
    }
  });

  test("with all problems of handler, group and options at once", () => {
    const wrong = { group: "no name", concurrency: 0, backlog: 1.5, queue: "q" };
    const listen = () => bus().on(placed, "handler" as never, wrong as never);
    expect(listen).toThrow(InvalidOptions);
    for (const problem of [
      /its handler must be a function/,
      /group \(the group's name\) "no name" must be 1 to 64 letters/,
      /concurrency must be a whole number/,
      /backlog must be a whole number/,
      /"queue" is not an option/,
    ]) {
      expect(listen).toThrow(problem);
    }
  });

  test("for a handler of an event, and for any handler of a mailbox of events only", () => {
    const wrong = { ...handlers, placed: () => {} };
    expect(() => bus().serve(orders, wrong as never)).toThrow(/orders\.placed is an event: its owner publishes it/);
    const feed = mailbox("feed", { ticked: event() });
    expect(() => bus().serve(feed, { tick: () => {} } as never)).toThrow(
      /feed has events only, so it needs no handler "tick"/,
    );
  });
});
