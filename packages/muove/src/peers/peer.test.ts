import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as ending from "../outcome/endings.js";
import { Peers } from "./peer.js";

vi.mock("../base/timers.js", () => import("../../../../test/support/global-timers.js"));

const ended = { sentAt: 0, timeout: 5, contracted: 5, ourDelay: false };
let peers: Peers;
beforeEach(() => {
  vi.useFakeTimers();
  peers = new Peers(() => {});
});
afterEach(() => vi.useRealTimers());

const missing = (): string[] => peers.missing().map(({ address }) => address);

test("PEER-2 the number of addressed peers is bounded, and the most recently used are kept", () => {
  const first = peers.addressed("m.x@0", "m.x", "instance");
  const second = peers.addressed("m.x@1", "m.x", "instance");
  for (let i = 2; i < 10_000; i++) {
    peers.addressed(`m.x@${i}`, "m.x", "instance").ended(ending.timedOut("m.x", 5), ended);
    peers.addressed("m.x@0", "m.x", "instance");
  }
  expect(peers.addressed("m.x@0", "m.x", "instance")).toBe(first);
  expect(peers.addressed("m.x@1", "m.x", "instance")).not.toBe(second);
  expect(missing()).toHaveLength(1_022);
});

describe("an instance that was called", () => {
  test.each([ending.absent("m.x"), ending.draining("m.x", "no")])("and has left is not missing: $reason", (gone) => {
    const peer = peers.addressed("m.x@a", "m.x", "instance");
    peer.ended(ending.timedOut("m.x", 5), ended);
    expect(missing()).toEqual(["m.x@a"]);
    peer.ended(gone, ended);
    expect(missing()).toEqual([]);
  });
});

test("PEER-1 an address that refused a message is not missing, and no longer was", () => {
  const peer = peers.of("m.x");
  peer.ended(ending.absent("m.x"), ended);
  peer.ended(ending.refused("m.x", "the token has expired"), ended);
  expect(missing()).toEqual([]);
});

describe("an address that did not answer", () => {
  const addresses = [
    ["any instance", () => peers.of("m.x")],
    ["tags", () => peers.addressed("m.x@region=eu", "m.x", "tags")],
    ["an instance", () => peers.addressed("m.x@a", "m.x", "instance")],
  ] as const;

  test.each(addresses)("PEER-1 is missing until it was not called for a minute: %s", (_, make) => {
    const peer = make();
    peer.ended(ending.timedOut("m.x", 5), ended);
    vi.advanceTimersByTime(59_000);
    expect(missing()).toEqual([peer.address]);
    vi.advanceTimersByTime(2_000);
    expect(missing()).toEqual([]);
  });

  test.each(addresses)("PEER-1 is missing for as long as it is called in vain, since the first time: %s", (_, make) => {
    const peer = make();
    const since = Date.now();
    for (let minutes = 0; minutes < 10; minutes += 0.5) {
      peer.ended(ending.timedOut("m.x", 5), ended);
      vi.advanceTimersByTime(30_000);
    }
    expect(peers.missing()).toEqual([{ address: peer.address, reason: "timeout", since }]);
    peer.ended(ending.ok(1), ended);
    expect(missing()).toEqual([]);
  });

  test.each(addresses)("PEER-1 is missing anew after a pause, and not since the last time: %s", (_, make) => {
    const peer = make();
    peer.ended(ending.timedOut("m.x", 5), ended);
    vi.advanceTimersByTime(61_000);
    peer.ended(ending.timedOut("m.x", 5), ended);
    expect(peers.missing()).toMatchObject([{ since: Date.now() }]);
  });

  test("comes before those that were called longer ago", () => {
    for (const name of ["first", "second", "third"]) {
      peers.of(name).ended(ending.absent(name), ended);
      vi.advanceTimersByTime(1);
    }
    peers.of("first").ended(ending.absent("first"), ended);
    expect(missing()).toEqual(["first", "third", "second"]);
  });
});

test("the answers to one message share one memory and one bound, whatever the address", () => {
  const memories = [
    peers.of("m.x"),
    peers.addressed("m.x@a", "m.x", "instance"),
    peers.addressed("m.x@region=eu", "m.x", "tags"),
  ];
  expect(new Set(memories.map(({ memory }) => memory)).size).toBe(1);
  expect(peers.of("m.y").memory).not.toBe(peers.of("m.x").memory);
});
