import { describe, expect, test } from "vitest";
import { TransitDelay } from "./transit-delay.js";

// Generated traffic of one sender, through one queue, for 5 s and as long as each test needs. All times are in ms.

type At<T> = (time: number) => T;

interface Traffic {
  /** How many messages are sent per second. */
  readonly rate: number;
  /** How long messages are sent. */
  readonly until: number;
  /** While the sender stands still, it sends nothing. */
  readonly silent?: Pause;
  /** While the queue stands still, or whoever reads it, nothing arrives. */
  readonly still?: Pause;
  /** How many messages the queue passes on per second. Default: any number. */
  readonly passes?: At<number>;
  /** What their clocks show. Default: the true time. */
  readonly sender?: At<number>;
  readonly receiver?: At<number>;
}

interface Pause {
  readonly from: number;
  readonly to: number;
}

interface Message {
  readonly sentAt: number;
  readonly arrivedAt: number;
  /** How long it took beyond the usual 1 to 4 ms. */
  readonly waited: number;
  readonly estimated: number;
}

const trueTime = (time: number): number => time;
const never: Pause = { from: 0, to: 0 };
const anyNumber = (): number => Number.POSITIVE_INFINITY;

const pauseAt5s = (duration: number): Pause => ({ from: 5_000, to: 5_000 + duration });
const standsStill =
  (duration: number): At<number> =>
  (time) =>
    time - Math.min(Math.max(0, time - 5_000), duration);
const setBack =
  (duration: number): At<number> =>
  (time) =>
    time < 5_000 ? time : time - duration;
const drifts =
  (ppm: number, clock = trueTime): At<number> =>
  (time) =>
    clock(time) * (1 + ppm / 1e6);

function simulated({
  rate,
  until,
  silent = never,
  still = never,
  passes = anyNumber,
  sender = trueTime,
  receiver = trueTime,
}: Traffic): Message[] {
  const transit = new TransitDelay();
  const messages: Message[] = [];
  let [seed, free] = [1, 0];
  for (let sentAt = 0; sentAt < until; sentAt += 1_000 / rate) {
    if (sentAt >= silent.from && sentAt < silent.to) sentAt = silent.to;
    seed = (seed * 48_271) % 2_147_483_647;
    const usual = 1 + (3 * seed) / 2_147_483_647;
    let left = Math.max(sentAt, free);
    if (left >= still.from && left < still.to) left = still.to;
    free = left + 1_000 / passes(left);
    const arrivedAt = left + usual;
    const estimated = transit.waited("a/1", Math.floor(sender(sentAt)), receiver(arrivedAt));
    messages.push({ sentAt, arrivedAt, waited: left - sentAt, estimated });
  }
  return messages;
}

const rates = [1, 2, 3, 10, 100, 1_000];
const pauses = [100, 500, 5_000, 29_000, 60_000, 400_000];
const pausesAtRates = rates.flatMap((rate) => pauses.map((pause) => ({ rate, pause })));

/** Half a second, or two messages: what a jump of a clock costs. */
function healsAtOnce(after: readonly Message[], rate: number): void {
  const late = after.flatMap(({ estimated }, i) => (estimated > 50 ? [i] : []));
  expect(Math.max(0, ...late)).toBeLessThan(Math.max(2, 0.5 * rate + 1));
  expect(after.length).toBeGreaterThan(late.length);
}

describe.each(pausesAtRates)("TRANSIT-DELAY-5 with $rate messages/s, few look late for long", ({ rate, pause }) => {
  test.each([0, 200, -200])(
    `after the sender and its clock stood still for ${pause} ms, and drift by %i ppm`,
    (ppm) => {
      const sender = drifts(ppm, standsStill(pause));
      const messages = simulated({ rate, until: pause + 10_000, silent: pauseAt5s(pause), sender });
      healsAtOnce(
        messages.filter(({ sentAt }) => sentAt >= 5_000 + pause),
        rate,
      );
    },
  );

  test(`after the sender's clock was set back by ${pause} ms, or ours went ahead`, () => {
    const messages = simulated({ rate, until: 10_000, sender: setBack(pause) });
    healsAtOnce(
      messages.filter(({ sentAt }) => sentAt >= 5_000),
      rate,
    );
  });

  test(`after our clock stood still for ${pause} ms, and we read nothing`, () => {
    const messages = simulated({ rate, until: pause + 10_000, still: pauseAt5s(pause), receiver: standsStill(pause) });
    expect(messages.filter(({ estimated }) => estimated > 5)).toEqual([]);
  });
});

test.each([500, 5_000])("is measured again soon after our clock stood still for %i ms", (pause) => {
  const transit = new TransitDelay();
  const receiver = standsStill(pause);
  for (let at = 0; at < 15_000; at += 10) transit.waited("a/1", at, receiver(at + 1));
  expect(transit.waited("a/1", 15_000, receiver(15_400))).toBe(399);
});

/** Those who waited for long are known to have, and nobody else. */
function isMeasured(messages: readonly Message[]): void {
  const errors = messages.map(({ waited, estimated }) => Math.abs(waited - estimated));
  expect(messages.filter(({ waited }) => waited > 250).length).toBeGreaterThan(messages.length / 100);
  expect(Math.max(...errors)).toBeLessThan(30);
}

describe.each(rates)("of %i messages/s is measured", (rate) => {
  test.each([500, 2_000, 9_000])("while nobody read them for %i ms", (pause) => {
    isMeasured(simulated({ rate, until: pause + 10_000, still: pauseAt5s(pause) }));
  });
});

describe.each([100, 1_000, 5_000])("of %i messages/s in a queue is measured", (rate) => {
  const queued = (stall: number, passes: (now: number) => number): Message[] => {
    const still = pauseAt5s(stall);
    const messages = simulated({
      rate,
      until: 14_000,
      still,
      passes: (now) => rate * (now < 5_000 ? 10 : passes(now)),
    });
    return messages.filter(({ arrivedAt }) => arrivedAt < 14_000);
  };

  test.each([1.1, 1.5, 2, 10])("while the queue grows, as %f times what it passes on comes in", (load) => {
    isMeasured(queued(0, () => 1 / load));
  });

  test("while it remains as long as it grew", () => {
    isMeasured(queued(0, (now) => (now < 6_000 ? 0.5 : 1)));
  });

  test.each([1.2, 1.5, 2, 10])("while it drains after a stall, at %f times what comes in", (speed) => {
    isMeasured(queued(1_500, () => speed));
  });
});
