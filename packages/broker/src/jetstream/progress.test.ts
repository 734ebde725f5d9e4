import { describe, expect, it } from "vitest";
import { Budget } from "../bounds/budget.js";
import { performance } from "../timers.js";
import { Progress } from "./progress.js";

/** A consumer to which so many messages were delivered. */
function delivered(count: number, budget = new Budget(1_000_000)): Progress {
  const progress = new Progress(1, budget);
  for (let sequence = 1; sequence <= count; sequence++) {
    progress.next = sequence + 1;
    progress.hold(sequence, progress.nextDelivery++);
  }
  return progress;
}

const floors = ({ deliveryFloor, sequenceFloor }: Progress) => [deliveryFloor, sequenceFloor];

describe("the progress of a consumer", () => {
  it("PROGRESS-2: raises its floors as far as all is acknowledged", () => {
    const progress = delivered(4);
    progress.acknowledge(2);
    expect(floors(progress)).toEqual([0, 0]);
    progress.acknowledge(1);
    expect(floors(progress)).toEqual([2, 2]);
    progress.acknowledge(4);
    expect(floors(progress)).toEqual([2, 2]);
    progress.acknowledge(3);
    expect(floors(progress)).toEqual([4, 4]);
  });

  it("acknowledges all before one", () => {
    const progress = delivered(4);
    expect(progress.acknowledgeUpTo(3, 3)).toEqual([1, 2, 3]);
    expect(progress.acknowledgeUpTo(2, 2)).toBeUndefined();
    expect([...progress.pending.keys()]).toEqual([4]);
  });

  it("PROGRESS-3: does not deliver again what was acknowledged", () => {
    const progress = delivered(2);
    progress.again(1);
    progress.again(2);
    progress.acknowledge(1);
    expect([progress.takeAgain(), progress.takeAgain()]).toEqual([2, undefined]);
  });

  it("PROGRESS-4: counts the deliveries of a message until it is acknowledged", () => {
    const progress = delivered(1);
    expect([progress.countAgain(1), progress.countAgain(1)]).toEqual([2, 3]);
    progress.acknowledge(1);
    expect(progress.redelivered.size).toBe(0);
  });

  it("finds what waits too long, and says when it is to be asked again", () => {
    const progress = delivered(3);
    progress.delay(2, performance.now() - 5, 1_000);
    progress.delay(3, performance.now() + 200, 1_000);
    const { late, next } = progress.overdue([1_000], 1);
    expect(late).toEqual([2]);
    expect(next).toBeGreaterThan(100);
    expect(next).toBeLessThanOrEqual(200);
  });

  it("PROGRESS-1: goes on behind what was purged, and gives its share of the budget back", () => {
    const budget = new Budget(1_000_000);
    const progress = delivered(3, budget);
    progress.purge(3, () => true);
    expect([...progress.pending.keys()]).toEqual([3]);
    progress.purge(9, () => false);
    expect([progress.next, progress.pending.size, budget.used]).toEqual([9, 0, 0]);
  });
});
