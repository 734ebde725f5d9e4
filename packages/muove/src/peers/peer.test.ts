import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as ending from "../outcome/endings.js";
import { Peers } from "./peer.js";

const ended = { sentAt: 0, hadItsTime: true };
let peers: Peers;
beforeEach(() => {
  vi.useFakeTimers();
  peers = new Peers(() => {});
});
afterEach(() => vi.useRealTimers());

const missing = (): string[] => peers.missing().map(({ address }) => address);

test("PEER-1 the number of addressed peers is bounded, and the most recently used are kept", () => {
  const first = peers.addressed("m.x@0", "m.x", true);
  const second = peers.addressed("m.x@1", "m.x", true);
  for (let i = 2; i < 10_000; i++) {
    peers.addressed(`m.x@${i}`, "m.x", true).ended(ending.timedOut("m.x", 5), ended);
    peers.addressed("m.x@0", "m.x", true);
  }
  expect(peers.addressed("m.x@0", "m.x", true)).toBe(first);
  expect(peers.addressed("m.x@1", "m.x", true)).not.toBe(second);
  expect(missing()).toHaveLength(1_022);
});

describe("an instance that was called", () => {
  test.each([ending.absent("m.x"), ending.draining("m.x")])("and has left is not missing: $reason", (gone) => {
    const peer = peers.addressed("m.x@a", "m.x", true);
    peer.ended(ending.timedOut("m.x", 5), ended);
    expect(missing()).toEqual(["m.x@a"]);
    peer.ended(gone, ended);
    expect(missing()).toEqual([]);
  });

  test("and did not answer is missing for a minute, because it may never be called again", () => {
    peers.addressed("m.x@a", "m.x", true).ended(ending.timedOut("m.x", 5), ended);
    vi.advanceTimersByTime(59_000);
    expect(missing()).toEqual(["m.x@a"]);
    vi.advanceTimersByTime(2_000);
    expect(missing()).toEqual([]);
  });
});

test("tags that no instance has are missing until one has them, like a mailbox", () => {
  const peer = peers.addressed("m.x@region=eu", "m.x", false);
  peer.ended(ending.absent("m.x"), ended);
  vi.advanceTimersByTime(3_600_000);
  expect(missing()).toEqual(["m.x@region=eu"]);
  peer.ended(ending.ok(1), ended);
  expect(missing()).toEqual([]);
});

test("the answers to one message share one memory and one bound, whatever the address", () => {
  const memories = [
    peers.of("m.x"),
    peers.addressed("m.x@a", "m.x", true),
    peers.addressed("m.x@region=eu", "m.x", false),
  ];
  expect(new Set(memories.map(({ memory }) => memory)).size).toBe(1);
  expect(peers.of("m.y").memory).not.toBe(peers.of("m.x").memory);
});
