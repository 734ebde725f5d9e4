import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { inCleanContext } from "./clean-context.js";
import { Deadlines, Expiring } from "./deadlines.js";
import { FairScheduler } from "./fair-scheduler.js";

const storage = new AsyncLocalStorage<string>();

test("what runs in a clean context sees nobody's, and what it enters stays there, synchronously and later", async () => {
  const enter = async (name: string): Promise<unknown[]> => {
    const before = storage.getStore();
    storage.enterWith(name);
    await Promise.resolve();
    return [before, storage.getStore()];
  };
  const seen = storage.run("a request", () => ["a", "b"].map((name) => inCleanContext(enter, name)));
  expect(await Promise.all(seen)).toEqual([
    [undefined, "a"],
    [undefined, "b"],
  ]);
  expect(storage.run("a request", () => [inCleanContext(() => storage.getStore()), storage.getStore()])).toEqual([
    undefined,
    "a request",
  ]);
});

test("what is thrown in a clean context comes out, and the context around it is as before", () => {
  const crash = (): never => {
    storage.enterWith("a handler");
    throw new Error("on purpose");
  };
  storage.run("a request", () => {
    expect(() => inCleanContext(crash)).toThrow("on purpose");
    expect(storage.getStore()).toBe("a request");
  });
});

class Note extends Expiring {
  readonly expiresAt = performance.now() + 1;
  readonly #expired: (store: string | undefined) => void;

  constructor(expired: (store: string | undefined) => void) {
    super();
    this.#expired = expired;
  }

  expire(): void {
    this.#expired(storage.getStore());
  }
}

test("DEADLINES-5: nothing expires in the context of whoever made the first entry", async () => {
  const deadlines = new Deadlines();
  const seen = await storage.run("a request", () => new Promise((seen) => void deadlines.add(1, new Note(seen))));
  expect(seen).toBeUndefined();
});

test("FAIR-SCHEDULER-4: no worker works in the context of whoever asked first", async () => {
  const scheduler = new FairScheduler();
  const seen = await storage.run("a request", () => {
    return new Promise((seen) => {
      const work = (): boolean => {
        seen(storage.getStore());
        return false;
      };
      scheduler.ask({ work });
    });
  });
  expect(seen).toBeUndefined();
});
