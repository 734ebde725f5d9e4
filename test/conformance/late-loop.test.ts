// The caller's own event loop stalls for longer than the deadline, while the answers lie in its socket (F27).

import { expect, test } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { until } from "../support/until.js";
import { connected, gate, serving } from "./support/buses.js";
import { blockLoop, holdingRelay } from "./support/holding-relay.js";
import { pricing } from "./support/pricing.js";

const calls = 50;
/** Long enough that all answers are on their way well before it is over, on a busy machine too. */
const timeout = 3_000;

describeOnEachBroker((kind) => {
  test("ATTEMPT-2 answers that came in time count, however late this process reads them", async () => {
    const broker = await kind.start();
    await serving(broker);
    const relay = await holdingRelay(broker.port);
    const caller = await connected(relay);
    const prices = caller.to(pricing);
    expect(await prices.count()).toMatchObject({ status: "ok" });

    relay.hold();
    const answers = Array.from({ length: calls }, () => prices.count(undefined, { timeout }));
    await until("every answer is on its way", () => relay.held === calls, timeout / 2);
    relay.letGo();
    await blockLoop(timeout + 200);

    const outcomes = await Promise.all(answers);
    const late = outcomes.filter(({ status }) => status !== "ok").length;
    console.log(`${late} of ${calls} answers taken for timeouts`);
    expect(late).toBe(0);
    expect(await prices.count()).toMatchObject({ status: "ok" });
  });

  test("a call without an answer is still a timeout", async () => {
    const broker = await kind.start();
    const begun = gate();
    const count = (): Promise<never> => {
      begun.open();
      return new Promise(() => {});
    };
    await serving(broker, { count });
    const caller = await connected(broker);
    const answer = caller.to(pricing).count(undefined, { timeout: 500 });
    await begun.passed; // Otherwise the service, which stalls with this process, would read it too late and refuse it.
    await blockLoop(700);
    expect(await answer).toMatchObject({ reason: "timeout", delivered: "maybe" });
  });
});
