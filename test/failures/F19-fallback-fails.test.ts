import { call, connect, lastKnown, mailbox } from "muove";
import { expect } from "vitest";
import { z } from "zod";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";

/** Nobody serves this. */
const absent = mailbox("absent", {
  text: call({ output: z.string() }),
  number: call({ output: z.number() }),
  flag: call({ output: z.boolean() }),
  maybe: call({ output: z.string().nullable() }),
});

const boom = new Error("the fallback failed");
const throws = (): Promise<string> => {
  throw boom;
};
const rejects = (): Promise<string> => Promise.reject(boom);
const hangs = (): Promise<string> => new Promise(() => {});

failure(
  "F19",
  "the next fallback is asked after one that throws, rejects, hangs or has nothing",
  async ({ nats, figure }) => {
    const { url } = await nats();
    await using bus = connect({ service: "caller", servers: url, logger: false, fallbackTimeout: 100 });
    await connected(bus);

    const start = performance.now();
    const outcome = await bus.to(absent).text().orElse(throws, rejects, hangs, lastKnown(), "the last resort");
    figure("until the next one answers after one that hangs, with 100 ms each", performance.now() - start);

    expect(outcome).toMatchObject({
      status: "degraded",
      value: "the last resort",
      reason: "absent",
      delivered: "no",
      fallbackErrors: [boom, boom, { message: expect.stringContaining("did not answer within 100 ms") }],
    });
    expect(performance.now() - start).toBeLessThan(1_000);
  },
);

failure("F19", "when none answers, the original outcome comes back with their errors", async ({ nats }) => {
  const { url } = await nats();
  await using bus = connect({ service: "caller", servers: url, logger: false, fallbackTimeout: 100 });
  await connected(bus);

  const outcome = await bus.to(absent).text().orElse(lastKnown(), rejects, hangs);

  expect(outcome).toMatchObject({
    status: "unavailable",
    reason: "absent",
    delivered: "no",
    address: "absent.text",
    fallbackErrors: [boom, { message: expect.stringContaining("did not answer") }],
  });
  expect(bus.status.counts.degraded).toBe(0);
});

failure(
  "F19",
  "a fallback that hangs gets no more time than is left of the caller's budget",
  async ({ nats, figure }) => {
    const { url } = await nats();
    await using bus = connect({ service: "caller", servers: url, logger: false, fallbackTimeout: 60_000 });
    await connected(bus);

    const start = performance.now();
    const outcome = await bus.within({ timeout: 200 }).to(absent).text().orElse(hangs, "the last resort");
    figure("until the next one answers, with a budget of 200 ms", performance.now() - start);

    expect(outcome).toMatchObject({ status: "degraded", value: "the last resort" });
    expect(performance.now() - start).toBeLessThan(2_000);
  },
);

failure("F19", "a falsy value is the answer", async ({ nats }) => {
  const { url } = await nats();
  await using bus = connect({ service: "caller", servers: url, logger: false });
  await connected(bus);
  const { text, number, flag, maybe } = bus.to(absent);

  const outcomes = await Promise.all([
    text().orElse(""),
    text().orElse(() => ""),
    text().orElse(async () => "", "not asked"),
    number().orElse(0),
    number().orElse(() => 0),
    flag().orElse(false),
    flag().orElse(async () => false, true),
    maybe().orElse(null),
    maybe().orElse(() => null),
  ]);

  expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => "degraded"));
  expect(outcomes.map(({ value }) => value)).toEqual(["", "", "", 0, 0, false, false, null, null]);
});
