import { cast } from "@muove/contract";
import { pino } from "pino";
import { describe, expect, test, vi } from "vitest";
import { Deadlines } from "../base/deadlines.js";
import { Events } from "../base/events.js";
import { FairScheduler } from "../base/fair-scheduler.js";
import type { Clients } from "../client/clients.js";
import { encode } from "../codec/index.js";
import { MetadataRules } from "../metadata/metadata.js";
import type { BusEvents } from "../outcome/bus-events.js";
import { newCounts } from "../outcome/counts.js";
import { Endpoint } from "../serve/endpoint.js";
import { Figures } from "../serve/figures.js";
import { HandlerSteps } from "../serve/handler-steps.js";
import { hostOf } from "../serve/host.js";
import type { ServeEnvironment } from "../serve/serve-environment.js";
import type { Holds } from "./holds.js";
import { type Delivered, Letter } from "./letter.js";
import { Slots } from "./slots.js";

function slots(concurrency: number, handler: () => unknown, holds: (letter: Letter) => boolean = () => true) {
  const log = pino({ level: "silent" });
  const env = {
    log,
    counts: newCounts(),
    events: new Events<BusEvents>(log),
    deadlines: new Deadlines(),
    scheduler: new FairScheduler(),
    metadata: new MetadataRules(undefined),
    handlerSteps: new HandlerSteps(),
    from: "post/1",
  };
  const parts = { address: "post.send", subject: "s", definition: cast({ durable: true }), figures: new Figures() };
  const endpoint = new Endpoint({ ...parts, handler, handlerTimeout: undefined });
  const [freed, giveBack] = [vi.fn(), vi.fn()];
  const made = new Slots(
    hostOf(env as unknown as ServeEnvironment, {} as Clients),
    concurrency,
    new Map([["send", endpoint]]),
    { holds } as Holds,
    freed,
    () => ({ busy: 1, others: 2 }),
    giveBack,
  );
  const letter = (): Letter => {
    const figures = { stream: "S", consumer: "send", delivered: 1, sequence: 1, storedAt: 0, pending: 0 };
    const msg = { headers: "", data: encode(undefined, "msgpack"), empty: false };
    const from = { msg, place: "d", message: "send", ackSubject: "ack", figures };
    return new Letter(from as unknown as Delivered, performance.now(), { ended: () => {} });
  };
  const begin = Object.assign(() => made.begin(letter()), { kept: () => made.beginKept(letter()) });
  return { slots: made, begin, freed, giveBack };
}

describe("SLOTS-1 a slot is taken", () => {
  test("by a handler, by a letter that is about to begin, and by one that is asked for", async () => {
    const ends: (() => void)[] = [];
    const { slots: made, begin } = slots(4, () => new Promise<void>((resolve) => void ends.push(resolve)));
    made.reserve(1);
    begin();
    begin();
    expect([made.free, made.ready, made.running]).toEqual([1, 2, 0]);
    await vi.waitFor(() => expect([made.free, made.ready, made.running]).toEqual([1, 0, 2]));
    expect(made.share).toBe(0); // The first letter of each of the two others may come.
    begin.kept();
    expect(made.free).toBe(1); // The one that was kept.
    await vi.waitFor(() => expect(ends).toHaveLength(3));
    for (const end of ends) end();
    await vi.waitFor(() => expect([made.free, made.share]).toEqual([4, 2]));
  });

  test("by no more handlers than there are, however many letters begin", async () => {
    let most = 0;
    let running = 0;
    const { slots: made, begin } = slots(3, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
    });
    for (let n = 0; n < 20; n++) begin();
    await made.idle();
    expect(most).toBe(3);
    expect(made.free).toBe(3);
  });
});

test("a slot of a letter that was lost before it began is free, and whoever waits for one is told", async () => {
  const handler = vi.fn();
  const { slots: made, begin, freed } = slots(2, handler, () => false);
  begin();
  begin();
  expect(made.free).toBe(0);
  await vi.waitFor(() => expect(made.free).toBe(2));
  expect(freed).toHaveBeenCalled();
  expect(handler).not.toHaveBeenCalled();
});

test("whoever waits for a slot is told when one is no longer kept", () => {
  const { slots: made, freed } = slots(2, () => {});
  made.reserve(2);
  expect([made.free, freed.mock.calls.length]).toEqual([0, 0]);
  made.release(2);
  expect([made.free, freed.mock.calls.length]).toEqual([2, 1]);
});

test("it is idle when none runs and none is about to begin, at once if so", async () => {
  const { slots: made, begin } = slots(1, () => new Promise((resolve) => setTimeout(resolve, 20)));
  await made.idle();
  begin();
  begin();
  await made.idle();
  expect([made.running, made.ready]).toEqual([0, 0]);
});

test("SLOTS-1 where handlers take no time, letters may be asked for ahead, and no more than as many as there are slots", async () => {
  const { slots: made, begin } = slots(4, () => {});
  expect(made.free).toBe(4);
  const begun = performance.now();
  while (performance.now() - begun < 80) {
    for (let n = 0; n < 4; n++) begin();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(made.ready).toBe(0));
  expect(made.free).toBe(8);
  await vi.waitFor(() => expect(made.free).toBe(4)); // Nothing came for a while.
});

test("SLOTS-2 letters that cannot begin for a second are given back", { timeout: 10_000 }, async () => {
  const { slots: made, begin, giveBack } = slots(1, () => new Promise(() => {}));
  for (let n = 0; n < 3; n++) begin();
  await vi.waitFor(() => expect([made.running, made.ready]).toEqual([1, 2]));
  const begun = performance.now();
  await vi.waitFor(() => expect(giveBack).toHaveBeenCalledTimes(2), { timeout: 5_000 });
  expect(performance.now() - begun).toBeGreaterThan(800);
  expect(made.ready).toBe(0);
});
