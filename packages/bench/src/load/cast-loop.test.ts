import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Casts } from "../contenders/contender.js";
import { Tally } from "../contenders/tally.js";
import type { Question } from "../work/question.js";
import { castLoop } from "./cast-loop.js";

const load = { inFlight: 64, bytes: 100, seconds: 0.05 };

/** A service with faults on the way to it. */
function service(take: (question: Question, tally: Tally) => void): Casts {
  const tally = new Tally();
  return {
    send: (question) => take(question, tally),
    arrived: () => sleep(1).then(() => tally.arrived),
  };
}

describe("the loop of casts", () => {
  it("counts arrived casts", async () => {
    const tally = new Tally();
    const { count, seconds } = await castLoop({ send: tally.add, arrived: () => sleep(1, tally.arrived) }, load);
    expect(count).toBe(tally.arrived.count);
    expect(count).toBeGreaterThan(64);
    expect(seconds).toBeGreaterThan(0.05);
  });

  it("never exceeds the maximum in flight", async () => {
    let [now, most] = [0, 0];
    const tally = new Tally();
    const send = (question: Question): void => {
      tally.add(question);
      most = Math.max(most, ++now);
    };
    const arrived = async () => {
      await sleep(1);
      now = 0;
      return tally.arrived;
    };
    await castLoop({ send, arrived }, load);
    expect(most).toBeLessThanOrEqual(64);
  });

  it("reports no numbers for a contender that loses one", async () => {
    const losing = service((question, tally) => question.id !== 20 && tally.add(question));
    await expect(castLoop(losing, load)).rejects.toThrow(/^\d+ of \d+ casts arrived$/);
  });

  it("reports none for one that delivers a wrong one", async () => {
    const wrong = service((question, tally) => tally.add(question.id === 20 ? { ...question, id: 7 } : question));
    await expect(castLoop(wrong, load)).rejects.toThrow("other casts arrived than were sent");
  });
});
