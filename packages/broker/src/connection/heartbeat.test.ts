import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Heartbeat } from "./heartbeat.js";

vi.mock("../timers.js", () => import("../../../../test/support/global-timers.js"));

describe("the heartbeat", () => {
  let said: string[];
  const start = (interval: number, maxOut: number): Heartbeat => {
    const heartbeat = new Heartbeat(
      { ping: () => said.push("ping"), stale: () => said.push("stale") },
      interval,
      maxOut,
    );
    heartbeat.start();
    return heartbeat;
  };

  beforeEach(() => {
    said = [];
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(1);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("HEARTBEAT-2: gives a client up when a ping is due and the maximum is unanswered", () => {
    start(1_000, 2);
    vi.advanceTimersByTime(2_999);
    expect(said).toEqual(["ping", "ping"]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(["ping", "ping", "stale"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("HEARTBEAT-2: resets the count with each answer", () => {
    const heartbeat = start(1_000, 1);
    for (let i = 0; i < 5; i++) {
      vi.advanceTimersByTime(1_000);
      heartbeat.ponged();
    }
    expect(said).toEqual(Array(5).fill("ping"));
  });

  it("HEARTBEAT-1: pings soon after CONNECT, and then leaves an active client alone", () => {
    const heartbeat = start(120_000, 2);
    heartbeat.connected();
    vi.advanceTimersByTime(2_400);
    expect(said).toEqual(["ping"]);
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(60_000);
      if (i % 2 === 0) heartbeat.active();
      else heartbeat.pinged();
    }
    expect(said).toEqual(["ping"]);
  });

  it("HEARTBEAT-1: pings even an active client once per hour", () => {
    const heartbeat = start(120_000, 2);
    heartbeat.connected();
    for (let minute = 0; minute < 59; minute++) {
      vi.advanceTimersByTime(60_000);
      heartbeat.active();
      heartbeat.ponged();
    }
    expect(said).toEqual(["ping"]);
    for (let minute = 0; minute < 5; minute++) {
      vi.advanceTimersByTime(60_000);
      heartbeat.active();
    }
    expect(said).toEqual(["ping", "ping"]);
  });

  it("HEARTBEAT-3: starts no timer if the ping itself ended the connection", () => {
    const heartbeat: Heartbeat = new Heartbeat(
      { ping: () => heartbeat.stop(), stale: () => said.push("stale") },
      1_000,
      2,
    );
    heartbeat.start();
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("HEARTBEAT-3: leaves no timer behind", () => {
    const heartbeat = start(1_000, 2);
    heartbeat.connected();
    heartbeat.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
