// Where a mailbox takes its messages (docs/protocol.md, S-2 to S-8), asked by the official client, which knows of none of it.

import { InvalidOptions } from "muove";
import { describe, expect, test } from "vitest";
import { onEveryBroker } from "../support/brokers.js";
import { connected, openBus, serving, untilOpen } from "./support/buses.js";
import { plainClient, serviceError } from "./support/plain.js";
import { handlers, one, pricing } from "./support/pricing.js";

const quote = JSON.stringify(one);

onEveryBroker((kind) => {
  describe("an instance takes messages", () => {
    test("for itself, and for no other", async () => {
      const broker = await kind.start();
      const [first, second] = [await serving(broker), await serving(broker, { quote: () => ({ cents: 2 }) })];
      const client = await plainClient(broker);
      const ask = async ({ status: { instance } }: typeof first): Promise<unknown> =>
        (await client.request(`muove.pricing._i.${instance}.quote`, quote)).json();
      for (let i = 0; i < 5; i++) {
        expect(await ask(first)).toEqual({ cents: 100 });
        expect(await ask(second)).toEqual({ cents: 2 });
      }
      await second.close();
      await expect(ask(second)).rejects.toThrow(/no responders/);
      expect(await ask(first)).toEqual({ cents: 100 });
    });

    test("for its tags, for any choice of them, and for no other tags", async () => {
      const broker = await kind.start();
      await serving(broker, {}, { tags: { zone: "a", region: "eu", disk: "fast" } });
      const client = await plainClient(broker);
      const ask = (tags: string) => client.request(`muove.pricing._t.${tags}.quote`, quote);
      const choices = ["disk=fast", "region=eu", "zone=a"];
      const pairs = ["disk=fast,region=eu", "disk=fast,zone=a", "region=eu,zone=a"];
      for (const tags of [...choices, ...pairs, choices.join(",")]) {
        expect((await ask(tags)).json(), tags).toEqual({ cents: 100 });
      }
      for (const tags of ["region=us", "region=eu,zone=b", "zone=a,region=eu"]) {
        await expect(ask(tags), tags).rejects.toThrow(/no responders/);
      }
    });

    test("for its tags, of which the server gives each to one of those that have them", async () => {
      const broker = await kind.start();
      let handled = 0;
      const own = { quote: () => ({ cents: ++handled }) };
      await Promise.all(["a", "b", "a"].map((zone) => serving(broker, own, { tags: { region: "eu", zone } })));
      const client = await plainClient(broker);
      for (let i = 1; i <= 10; i++) {
        expect((await client.request("muove.pricing._t.region=eu.quote", quote)).json()).toEqual({ cents: i });
      }
    });

    test("for everyone, and says whose each answer is", async () => {
      const broker = await kind.start();
      const services = await Promise.all([1, 2, 3].map(() => serving(broker)));
      const client = await plainClient(broker);
      const answers = await client.requestMany("muove.pricing._all.quote", quote, { maxMessages: 3, maxWait: 5_000 });
      const from: (string | undefined)[] = [];
      for await (const answer of answers) from.push(answer.headers?.get("Muove-From"));
      expect(from.sort()).toEqual(services.map(({ status: { instance } }) => `pricing/${instance}`).sort());
    });
  });

  describe("what an instance does not know", () => {
    test("and was addressed to it is unknown-message, not silence", async () => {
      const broker = await kind.start();
      const { status } = await serving(broker);
      const client = await plainClient(broker);
      const answer = await client.request(`muove.pricing._i.${status.instance}.refund`, quote);
      expect(serviceError(answer)).toEqual({
        status: "unknown-message",
        error: "pricing.refund is unknown here",
        code: "404",
      });
    });

    test("and was addressed to its tags reaches nobody, which the server says", async () => {
      const broker = await kind.start();
      await serving(broker, {}, { tags: { region: "eu" } });
      const client = await plainClient(broker);
      await expect(client.request("muove.pricing._t.region=eu.refund", quote)).rejects.toThrow(/no responders/);
    });
  });

  describe("permissions that refuse", () => {
    test.each([
      ["its own address", "muove.pricing._i.>"],
      ["its tags", "muove.pricing._t.>"],
      ["everyone's address", "muove.pricing._all.>"],
    ])("%s leave the mailbox open and ready, and are told", async (_, subject) => {
      const broker = await kind.start({ users: [{ name: "limited", denied: { subscribe: [subject] } }] });
      const credentials = { user: "limited", pass: "limited" };
      const told: string[] = [];
      const service = openBus(broker, { service: "pricing", tags: { region: "eu" }, credentials });
      service.on("forbidden", ({ subject }) => told.push(subject));
      service.serve(pricing, handlers());
      await untilOpen(service);
      const [{ forbidden = [] } = {}] = service.status.mailboxes;
      expect(forbidden.length).toBeGreaterThan(0);
      expect(forbidden.every((refused) => refused.startsWith(subject.slice(0, -1)))).toBe(true);
      expect(told.sort()).toEqual([...forbidden].sort());
      expect(service.health).toMatchObject({ live: true, ready: true, problems: [] });
      const caller = await connected(broker, { credentials });
      expect(await caller.to(pricing).quote(one)).toMatchObject({ status: "ok" });
    });
  });
});

test.each([{ "a.b": "c" }, { a: "b c" }, { a: "1", b: "2", c: "3", d: "4", e: "5" }])(
  "tags that cannot route are thrown when connecting: %j",
  (tags) => {
    expect(() => openBus({ url: "127.0.0.1:1" }, { tags })).toThrow(InvalidOptions);
    expect(() => openBus({ url: "127.0.0.1:1" }, { tags })).toThrow(/tags (has|must)/);
  },
);
