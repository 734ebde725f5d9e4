// The asynchronous context (AsyncLocalStorage) in which Muove runs the code of its users.

import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";
import { call, cast, event, mailbox } from "muove";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, openBus, untilOpen } from "./support/buses.js";

const tenants = mailbox("tenants", {
  ask: call({ input: z.string(), output: z.string().nullable(), timeout: 5_000 }),
  wait: call({ input: z.string(), timeout: 100 }),
  tell: cast({ input: z.string() }),
  told: event({ input: z.string() }),
});

const storage = new AsyncLocalStorage<string>();
afterEach(() => storage.disable());

/** The context of whoever asks. */
const seen = (): string => storage.getStore() ?? "none";

const names = Array.from({ length: 40 }, (_, n) => `tenant ${n}`);

describeOnEachBroker((kind) => {
  /** All in one process, and each step in a context of somebody. */
  async function pairInContexts() {
    const broker = await kind.start();
    const service = storage.run("the maker", () => openBus(broker, { service: "tenants" }));
    const caller = await storage.run("the maker", () => connected(broker));
    return { broker, service, caller };
  }

  describe("a handler", () => {
    test("does not run in the context of whoever made the bus, served, or called", async () => {
      const { service, caller } = await pairInContexts();
      const told: string[] = [];
      storage.run("the owner", () => {
        const ask = () => seen();
        service.serve(tenants, { ask, wait() {}, tell: () => void told.push(seen()) });
      });
      storage.run("the listener", () => caller.on(tenants.events.told, () => void told.push(seen())));
      await untilOpen(service);
      const answers = names.map((name) => storage.run(name, () => caller.to(tenants).ask(name).orThrow()));
      expect(new Set(await Promise.all(answers))).toEqual(new Set(["none"]));
      storage.run("a caller", () => caller.to(tenants).tell("a"));
      await until("the cast came", () => told.length === 1);
      expect(told).toEqual(["none"]);
    });

    test("that enters a context keeps it, and no other message sees it", async () => {
      const { service, caller } = await pairInContexts();
      const entered: string[] = [];
      const own: boolean[] = [];
      const enter = (name: string): string => {
        entered.push(seen());
        storage.enterWith(name);
        return name;
      };
      const later = async (name: string): Promise<void> => {
        enter(name);
        await turn();
        own.push(seen() === name);
      };
      const { publish } = service.serve(tenants, { ask: enter, wait() {}, tell: later });
      caller.on(tenants.events.told, later, { concurrency: 2 });
      await untilOpen(service);
      await until("it listens", () => caller.status.listeners.every(({ state }) => state === "open"));
      await Promise.all(names.map((name) => caller.to(tenants).ask(name)));
      for (const name of names) caller.to(tenants).tell(name);
      for (const name of names) publish.told(name);
      await until("all are handled", () => own.length === 2 * names.length);
      expect(new Set(entered)).toEqual(new Set(["none"]));
      expect(new Set(own)).toEqual(new Set([true]));
    });

    test.each(["its time is over", "its caller gives up"])(
      "is aborted in no context of others when %s",
      async (why) => {
        const { service, caller } = await pairInContexts();
        const aborted: string[] = [];
        const ended = gate();
        service.serve(tenants, {
          ask: (name) => name,
          async wait(_, { signal }) {
            signal.addEventListener("abort", () => aborted.push(seen()));
            storage.enterWith("a handler");
            await ended.passed;
          },
          tell() {},
        });
        await untilOpen(service);
        const controller = new AbortController();
        const signal = why === "its caller gives up" ? controller.signal : undefined;
        const outcomes = names.map((name) => storage.run(name, () => caller.to(tenants).wait(name, { signal })));
        await until("they run", () => service.status.mailboxes[0]?.running === names.length || aborted.length > 0);
        storage.run("whoever gives up", () => controller.abort());
        await until("they are aborted", () => aborted.length === names.length);
        expect(new Set(aborted)).toEqual(new Set(["none"]));
        ended.open();
        await Promise.all(outcomes);
      },
    );
  });

  test("a listener to the bus, and a monitor's, run in no context of others, and keep theirs to themselves", async () => {
    const { broker, service, caller } = await pairInContexts();
    const heard: string[] = [];
    const note = (what: string) => (): void => {
      heard.push(`${what}: ${seen()}`);
      storage.enterWith(what);
    };
    storage.run("the listener", () => {
      for (const name of ["deadLetter", "degraded", "disconnected"] as const) caller.on(name, note(name));
      caller.monitor(tenants).on("up", note("up"));
      service.on("crashed", note("crashed"));
    });
    const crash = (): never => {
      storage.enterWith("a handler");
      throw new Error("on purpose");
    };
    await storage.run("a tenant", async () => {
      caller.to(tenants).tell("nobody is there");
      await caller.to(tenants).ask("a").orElse(null);
    });
    service.serve(tenants, { ask: crash, wait() {}, tell() {} });
    await untilOpen(service);
    await storage.run("a tenant", () => caller.to(tenants).ask("a"));
    await until("the monitor sees it", () => heard.some((line) => line.startsWith("up")));
    await broker.kill();
    await until("all are heard", () => heard.length === 5);
    expect(heard.sort()).toEqual(["crashed", "deadLetter", "degraded", "disconnected", "up"].map((e) => `${e}: none`));
  });

  test("a call goes on in its caller's context: its outcome, its fallbacks, its deadline", async () => {
    const { service, caller } = await pairInContexts();
    const fallback = (): string => seen();
    const inContext = async (name: string): Promise<string[]> => {
      const { value } = await caller.to(tenants).ask(name).orElse(fallback);
      const afterwards = seen();
      await caller.to(tenants).wait(name);
      return [value ?? "", afterwards, seen()];
    };
    const absent = await Promise.all(names.map((name) => storage.run(name, () => inContext(name))));
    expect(absent).toEqual(names.map((name) => [name, name, name]));
    service.serve(tenants, { ask: (name) => name, wait: () => new Promise(() => {}), tell() {} });
    await untilOpen(service);
    const present = await Promise.all(names.map((name) => storage.run(name, () => inContext(name))));
    expect(present).toEqual(absent);
  });
});
