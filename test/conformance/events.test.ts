// Events: published by a mailbox's owner, listened to by anyone. Clauses E-1 to E-7 of docs/protocol.md.

import { type Bus, call, cast, type DeadLetter, event, InvalidInput, InvalidOptions, mailbox, TooLarge } from "muove";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { until } from "../link/support/until.js";
import { onEveryBroker } from "../support/brokers.js";
import { connected, openBus, untilOpen } from "./support/buses.js";
import { plainClient } from "./support/plain.js";

/** A mailbox with a message of every kind. */
const orders = mailbox("orders", {
  place: call({ input: z.object({ id: z.int() }), timeout: 5_000 }),
  note: cast(),
  placed: event({ input: z.object({ id: z.int(), note: z.string().default("none") }) }),
  closed: event(),
  kept: event({ input: z.int(), whenUnreachable: { bufferFor: 60_000 } }),
  dropped: event({ input: z.int(), whenUnreachable: "drop" }),
});
const { placed, closed } = orders.events;

const handlers = { place: () => {}, note: () => {} };

async function owning(broker: { readonly url: string }, options = {}) {
  const bus = openBus(broker, { service: "orders", ...options });
  const own = bus.serve(orders, handlers);
  await untilOpen(bus);
  return { bus, ...own };
}

/** A bus that listens to an event, and what it has heard. */
async function hearing(broker: { readonly url: string }, options: { group?: string; service?: string } = {}) {
  const { group, service = "listener" } = options;
  const bus = openBus(broker, { service });
  const heard: number[] = [];
  const stop = bus.on(placed, ({ id }) => void heard.push(id), { group });
  await untilListening(bus);
  return { bus, heard, stop };
}

const untilListening = (bus: Bus): Promise<void> =>
  until("every listener is open", () => bus.status.listeners.every(({ state }) => state === "open"));

function deadLettersOf(bus: Bus): DeadLetter[] {
  const letters: DeadLetter[] = [];
  bus.on("deadLetter", (letter) => void letters.push(letter));
  return letters;
}

onEveryBroker((kind) => {
  describe("an event", () => {
    test("comes to each that listens, parsed by its own contract, and its receipt is there at once", async () => {
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

    test("comes to each listener of one bus, and to the owner itself", async () => {
      const { bus, publish } = await owning(await kind.start());
      const heard: string[] = [];
      bus.on(placed, () => void heard.push("one"));
      bus.on(placed, () => void heard.push("other"));
      await untilListening(bus);
      publish.placed({ id: 1 });
      await until("both have heard", () => heard.length === 2);
      expect(heard.sort()).toEqual(["one", "other"]);
    });

    test("may carry nothing", async () => {
      const { bus, publish } = await owning(await kind.start());
      const heard = vi.fn();
      bus.on(closed, (input) => heard(input));
      await untilListening(bus);
      publish.closed();
      await until("it is heard", () => heard.mock.calls.length > 0);
      expect(heard).toHaveBeenCalledExactlyOnceWith(undefined);
    });

    test("is neither a message of the mailbox nor one of its other events", async () => {
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

    test("of a mailbox of events only is published by who serves it", async () => {
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

    test.each(["json", "msgpack"] as const)("is read in %s, whatever its listener writes itself", async (encoding) => {
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

    test("that the contract forbids, or that is too large, throws at its publisher, and nothing is sent", async () => {
      const broker = await kind.start({ maxPayload: 1_024 });
      const { bus, publish } = await owning(broker);
      expect(() => publish.placed({ id: 0.5 })).toThrow(InvalidInput);
      expect(() => publish.placed({ id: 1, note: "x".repeat(2_000) })).toThrow(TooLarge);
      expect(() => publish.placed({ id: 1 }, { whenUnreachable: "wait" as never })).toThrow(InvalidOptions);
      expect(bus.status.counts.events).toBe(0);
    });

    test("to which nobody listens is no dead letter", async () => {
      const { bus, publish } = await owning(await kind.start());
      expect(publish.placed({ id: 1 })).toEqual({ status: "sent" });
      await until("it is known what became of it", () => bus.status.pending === 0);
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
});
