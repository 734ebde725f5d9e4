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

test("E1 what is known of addresses is bounded, and what was used last is kept", () => {
  const first = peers.addressed("m.x@0", true);
  const second = peers.addressed("m.x@1", true);
  for (let i = 2; i < 10_000; i++) {
    peers.addressed(`m.x@${i}`, true).ended(ending.timedOut("m.x", 5), ended);
    peers.addressed("m.x@0", true);
  }
  expect(peers.addressed("m.x@0", true)).toBe(first);
  expect(peers.addressed("m.x@1", true)).not.toBe(second);
  expect(missing()).toHaveLength(1_022);
});

describe("an instance that was called", () => {
  test.each([ending.absent("m.x"), ending.draining("m.x")])(
    "and is gone is nothing that is missing: $reason",
    (gone) => {
      const peer = peers.addressed("m.x@a", true);
      peer.ended(ending.timedOut("m.x", 5), ended);
      expect(missing()).toEqual(["m.x@a"]);
      peer.ended(gone, ended);
      expect(missing()).toEqual([]);
    },
  );

  test("and did not answer is missed for a minute: nobody may ever call it again", () => {
    peers.addressed("m.x@a", true).ended(ending.timedOut("m.x", 5), ended);
    vi.advanceTimersByTime(59_000);
    expect(missing()).toEqual(["m.x@a"]);
    vi.advanceTimersByTime(2_000);
    expect(missing()).toEqual([]);
  });
});

test("tags that nobody has are missed until somebody has them, as a mailbox is", () => {
  const peer = peers.addressed("m.x@region=eu", false);
  peer.ended(ending.absent("m.x"), ended);
  vi.advanceTimersByTime(3_600_000);
  expect(missing()).toEqual(["m.x@region=eu"]);
  peer.ended(ending.ok(1), ended);
  expect(missing()).toEqual([]);
});
