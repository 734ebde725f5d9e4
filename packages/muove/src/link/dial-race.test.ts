import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { describe, expect, it, vi } from "vitest";
import { type Dialling, DialRace, type RaceRules } from "./dial-race.js";
import { parseServer } from "./server-address.js";

const client = {} as NatsConnectionImpl;

/** A dial that the test decides about. */
class Scripted implements Dialling {
  readonly server: Dialling["server"];
  readonly at: string;
  readonly discard = vi.fn();
  asked = true;
  greeted = false;
  signal: AbortSignal | undefined;
  succeed = () => {};
  fail = (_: Error) => {};

  constructor(at: string) {
    this.at = at;
    this.server = parseServer(at);
  }

  connect(signal: AbortSignal): Promise<NatsConnectionImpl> {
    this.signal = signal;
    return new Promise((resolve, reject) => {
      this.succeed = () => resolve(client);
      this.fail = reject;
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  }

  get ended(): boolean {
    return this.signal?.aborted ?? false;
  }
}

function raceWith(rules: Partial<RaceRules> = {}) {
  const told: string[] = [];
  const failed = (error: unknown, attempt: number) => told.push(`${attempt}: ${(error as Error).message}`);
  const closing = new AbortController();
  const prepare = async () => {};
  const race = new DialRace({ headStart: 20, dialTimeout: 60_000, prepare, failed, ...rules }, closing.signal);
  return { race, told, closing };
}

describe("a race of dials", () => {
  it("goes on beside a silent one after its head start, says so, and ends it when another one wins (DIAL-RACE-1)", async () => {
    const { race, told } = raceWith();
    const [silent, healthy] = [new Scripted("a:1"), new Scripted("b:1")];
    await race.enter(silent, 1);
    expect(told).toEqual(["1: a:1 does not answer; still waiting"]);
    expect(silent.ended).toBe(false);
    const entered = race.enter(healthy, 2);
    healthy.succeed();
    await entered;
    expect(race.won).toBe(true);
    await race.end();
    expect(silent.ended).toBe(true);
    expect(healthy.discard).not.toHaveBeenCalled();
    expect(told).toHaveLength(1);
  });

  it("gives a server that has greeted a longer head start", async () => {
    const { race, told } = raceWith({ headStart: 50 });
    const dial = new Scripted("a:1");
    dial.greeted = true;
    const began = performance.now();
    await race.enter(dial, 1);
    expect(performance.now() - began).toBeGreaterThan(240);
    expect(told).toEqual(["1: a:1 greeted, and has not let this bus in so far; still waiting"]);
    await race.end();
  });

  it("waits for a login, and ends other dials to its address (DIAL-RACE-2)", async () => {
    const { race } = raceWith();
    const [first, second] = [new Scripted("a:1"), new Scripted("a:1")];
    await race.enter(first, 1);
    expect(race.waitsAt("a:1")).toBe(false);
    await race.enter(second, 2);
    expect([first.ended, second.ended]).toEqual([false, false]);
    first.greeted = true;
    expect(race.waitsAt("a:1")).toBe(true);
    expect(race.waitsAt("b:1")).toBe(false);
    expect([first.ended, second.ended]).toEqual([false, true]);
    await race.end();
  });

  it("keeps the oldest and the newest of the silent ones at an address (DIAL-RACE-2)", async () => {
    const { race } = raceWith({ headStart: 1 });
    const dials = Array.from({ length: 5 }, () => new Scripted("a:1"));
    for (const [i, dial] of dials.entries()) await race.enter(dial, i);
    expect(dials.map(({ ended }) => ended)).toEqual([false, true, true, true, false]);
    await race.end();
  });

  it("prepares one connection at a time, and does not wait for one that hangs (DIAL-RACE-3)", async () => {
    const preparing: string[] = [];
    const prepare: RaceRules["prepare"] = async (_, { listen }, signal) => {
      preparing.push(listen);
      if (listen === "b:1") return;
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const { race } = raceWith({ headStart: 30, prepare });
    const [hangs, next] = [new Scripted("a:1"), new Scripted("b:1")];
    const entered = race.enter(hangs, 1);
    hangs.succeed();
    await entered;
    const began = performance.now();
    const second = race.enter(next, 2);
    next.succeed();
    await vi.waitFor(() => expect(preparing).toEqual(["a:1", "b:1"]));
    expect(performance.now() - began).toBeGreaterThan(25);
    await second;
    await race.end();
    expect(race.won).toBe(true);
    expect(hangs.discard).toHaveBeenCalled();
  });

  it("gives a dial up after dialTimeout, and the next ones after twice as long, up to eight times", async () => {
    const { race, told } = raceWith({ headStart: 1, dialTimeout: 10 });
    for (let i = 1; i <= 5; i++) {
      const dial = new Scripted("a:1");
      await race.enter(dial, i);
      await vi.waitFor(() => expect(dial.discard).toHaveBeenCalled());
    }
    const limits = told.filter((text) => !text.includes("waiting")).map((text) => Number(/(\d+) ms$/.exec(text)?.[1]));
    expect(limits).toEqual([10, 20, 40, 80, 80]);
    await race.end();
  });

  it("ends with everything in it when it is closed, without a report (DIAL-RACE-4)", async () => {
    const { race, told, closing } = raceWith({ headStart: 60_000 });
    const dial = new Scripted("a:1");
    const entered = race.enter(dial, 1);
    closing.abort();
    await entered;
    await race.end();
    expect(dial.ended).toBe(true);
    expect(dial.discard).toHaveBeenCalled();
    expect(race.won).toBe(false);
    expect(told).toEqual([]);
  });
});
