import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { NatsMessage } from "../link/index.js";
import type { WatchEnvironment } from "./presence-environment.js";
import { beatOf, cardOf, goodbyeOf, helloOf } from "./signs.js";
import { Watch } from "./watch.js";

vi.mock("../base/timers.js", () => import("../../../../test/support/global-timers.js"));

// Cases that need too much time for a test, on a fake clock. test/conformance has the others, over TCP.

const everyone = "muove.pricing._all._watch";
const member = (instance: string) => ({
  instance,
  service: "pricing",
  version: "1.0.0",
  tags: {},
  since: 0,
  degraded: false,
});

/** A link and an inbox controlled by the test. */
function wired() {
  const published: { subject: string; data: string; reply: string | undefined }[] = [];
  const waiting = new Map<number, PendingReply>();
  const drained = vi.fn(async () => {});
  const logged = vi.fn();
  let hear: (message: NatsMessage) => void = () => {};
  let token = 0;
  const env = {
    prefix: undefined,
    link: {
      up: true,
      publish(subject: string, data: Uint8Array, { reply }: { reply?: string } = {}) {
        published.push({ subject, data: Buffer.from(data).toString(), reply });
        return true;
      },
      subscribe(_: string, { receive }: { receive: typeof hear }) {
        hear = receive;
        return { state: "open", drain: drained };
      },
    },
    inbox: {
      open(awaiting: PendingReply) {
        waiting.set(++token, awaiting);
        return token;
      },
      close: (place: number) => void waiting.delete(place),
      subject: (_: string, place: number) => String(place),
    },
    log: { warn: logged },
  };
  const message = (data: Uint8Array | string, headers = "", subject = ""): NatsMessage =>
    ({ subject, data: Buffer.from(data), headers, empty: data.length === 0 }) as unknown as NatsMessage;
  const signOf = (data: Uint8Array, { service = "pricing", instance }: { service?: string; instance: string }): void =>
    hear(message(data, "", `muove-presence.pricing.${service}.${instance}`));
  const latest = (): PendingReply | undefined => [...waiting.values()].at(-1);
  return {
    env: env as unknown as WatchEnvironment,
    link: env.link,
    published,
    waiting,
    drained,
    logged,
    signOf,
    /** From the real sender. */
    hear: (data: Uint8Array) => signOf(data, JSON.parse(Buffer.from(data).toString())),
    answer: (data: Uint8Array) => latest()?.received(message(data)),
    nobody: () => latest()?.received(message("", "NATS/1.0 503\r\n\r\n")),
  };
}

const watcher = () => ({ up: vi.fn(), down: vi.fn(), settled: vi.fn() });

/** Advances the clock, with turns of the event loop. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"] }),
);
afterEach(() => void vi.useRealTimers());

describe("WATCH-1 a watch", () => {
  test("that is held renews at a third of each lease, without a reply, and ends when it is released", async () => {
    const { env, published, answer, hear, drained } = wired();
    const ended = vi.fn();
    const watch = new Watch(env, "pricing", ended);
    const release = watch.hold(watcher());
    answer(cardOf(member("a"), false));
    for (let i = 0; i < 30; i++) {
      await pass(400);
      hear(beatOf(member("a")));
    }
    expect(published[0]).toEqual({ subject: everyone, data: '{"interval":400,"lease":6000}', reply: "1" });
    const renewals = published.slice(1);
    expect(renewals.length).toBeGreaterThanOrEqual(5);
    expect(renewals.length).toBeLessThanOrEqual(6);
    expect(new Set(renewals.map(({ subject, reply }) => `${subject} ${reply}`))).toEqual(
      new Set([`${everyone} undefined`]),
    );
    release();
    expect(ended).toHaveBeenCalledOnce();
    expect(drained).toHaveBeenCalledOnce();
    await pass(60_000);
    expect(published).toHaveLength(1 + renewals.length);
  });

  test("that was only used continues for a minute", async () => {
    const { env, nobody } = wired();
    const ended = vi.fn();
    const watch = new Watch(env, "pricing", ended);
    watch.use();
    nobody();
    await pass(59_000);
    watch.use();
    await pass(59_000);
    expect(ended).not.toHaveBeenCalled();
    await pass(2_000);
    expect(ended).toHaveBeenCalledOnce();
  });

  test("without any answers ends too", async () => {
    const { env, published } = wired();
    const ended = vi.fn();
    new Watch(env, "pricing", ended).use();
    await pass(62_000);
    expect(ended).toHaveBeenCalledOnce();
    const asked = published.length;
    await pass(10_000);
    expect(published).toHaveLength(asked);
  });

  test("leaves nothing behind when it ends", async () => {
    const { env, waiting, answer } = wired();
    const watch = new Watch(env, "pricing", () => {});
    watch.use();
    answer(cardOf(member("a"), false));
    await pass(1_000); // "a" is asked whether it is there.
    watch.end();
    expect(waiting.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("WATCH-2 a watch is settled", () => {
  test("when no new answer has come for a while", async () => {
    const { env, answer } = wired();
    const watch = new Watch(env, "pricing", () => {});
    watch.use();
    answer(cardOf(member("a"), false));
    await pass(40);
    answer(cardOf(member("b"), false));
    await pass(40);
    expect(watch.settled).toBe(false);
    await pass(20);
    expect(watch.settled).toBe(true);
  });

  test("at once if the server says that nobody listens", () => {
    const { env, nobody } = wired();
    const watch = new Watch(env, "pricing", () => {});
    nobody();
    expect(watch.settled).toBe(true);
    watch.end();
  });

  test("not without answers; then it asks again", async () => {
    const { env, published, answer } = wired();
    const watch = new Watch(env, "pricing", () => {});
    watch.use();
    await pass(3_500);
    expect(watch.settled).toBe(false);
    expect(published).toHaveLength(4);
    answer(cardOf(member("a"), false));
    await pass(600); // It took half a second to answer, so others may, too; but no round takes longer than a second.
    expect(watch.settled).toBe(true);
  });

  test("not without a connection; then callbacks learn that it is not known", async () => {
    const { env, link, nobody } = wired();
    const watch = new Watch(env, "pricing", () => {});
    const known = vi.fn();
    watch.whenKnown(known);
    link.up = false;
    watch.disconnected();
    expect(known).toHaveBeenCalledOnce();
    const later = watch.known(10_000);
    link.up = true;
    watch.connected();
    nobody();
    expect(await later).toBe(true);
    watch.end();
  });
});

describe("a watch hears", () => {
  async function settled() {
    const wires = wired();
    const watch = new Watch(wires.env, "pricing", () => {});
    const heard = watcher();
    watch.hold(heard);
    wires.nobody();
    return { ...wires, watch, heard };
  }

  /** An instance that is up. */
  async function known() {
    const wires = await settled();
    wires.hear(helloOf(member("a")));
    wires.answer(cardOf(member("a"), false));
    await pass(300);
    wires.hear(beatOf(member("a")));
    wires.published.length = 0;
    return wires;
  }

  test.each([helloOf(member("a")), beatOf(member("a"))])(
    "WATCH-4 a sign of an unknown instance, and believes only its own answer (%#)",
    async (sign) => {
      const { hear, heard, answer, published } = await settled();
      hear(sign);
      hear(sign);
      expect(heard.up).not.toHaveBeenCalled();
      expect(published.at(-1)).toMatchObject({ subject: "muove.pricing._i.a._watch", reply: "2" });
      expect(published).toHaveLength(2);
      answer(cardOf(member("b"), false));
      expect(heard.up).not.toHaveBeenCalled();
      answer(cardOf(member("a"), false));
      expect(heard.up).toHaveBeenCalledExactlyOnceWith(member("a"));
    },
  );

  test("WATCH-4 a hello of an unknown instance that is leaving or not there, and ignores it", async () => {
    const { hear, heard, answer, nobody } = await settled();
    hear(helloOf(member("a")));
    answer(cardOf(member("a"), true));
    hear(helloOf(member("b")));
    nobody();
    expect(heard.up).not.toHaveBeenCalled();
    expect(heard.down).not.toHaveBeenCalled();
  });

  test("a sign on the subject of another instance or service, and ignores it", async () => {
    const { hear, signOf, heard, published } = await known();
    signOf(goodbyeOf(member("a")), { instance: "b" });
    signOf(helloOf(member("c")), { instance: "c", service: "basket" });
    hear(beatOf({ ...member("a"), service: "basket" }));
    signOf(goodbyeOf(member("a")), { instance: "a", service: "basket" });
    expect(published).toEqual([]);
    expect(heard.down).not.toHaveBeenCalled();
  });

  test("WATCH-4 a goodbye, and removes the instance if it or the server confirms that it left", async () => {
    for (const end of ["leaving", "nobody"] as const) {
      const { hear, heard, answer, nobody, published } = await known();
      hear(goodbyeOf(member("a")));
      expect(published).toMatchObject([{ subject: "muove.pricing._i.a._watch" }]);
      expect(heard.down).not.toHaveBeenCalled();
      if (end === "leaving") answer(cardOf(member("a"), true));
      else nobody();
      expect(heard.down).toHaveBeenCalledExactlyOnceWith(member("a"), "closed");
    }
  });

  test("LIVENESS-PROBES-1 20 false goodbyes a second, probes at most ten times, and removes no instance", async () => {
    const { hear, heard, answer, published, waiting } = await known();
    for (let i = 0; i < 100; i++) {
      hear(goodbyeOf(member("a")));
      expect(waiting.size).toBeLessThanOrEqual(1);
      await pass(3);
      answer(cardOf(member("a"), false));
      await pass(47);
    }
    const questions = published.filter(({ subject }) => subject.includes("._i."));
    expect(questions.length).toBeGreaterThan(40);
    expect(questions.length).toBeLessThanOrEqual(51);
    expect(heard.down).not.toHaveBeenCalled();
  });

  test("LIVENESS-PROBES-2 a true goodbye after a false one, and probes again as soon as it may", async () => {
    const { hear, heard, answer, nobody } = await known();
    hear(goodbyeOf(member("a")));
    hear(goodbyeOf(member("a"))); // It left after it had written the answer.
    answer(cardOf(member("a"), false));
    await pass(99);
    nobody(); // No probe has been sent yet.
    expect(heard.down).not.toHaveBeenCalled();
    await pass(2);
    nobody();
    expect(heard.down).toHaveBeenCalledExactlyOnceWith(member("a"), "closed");
  });

  test("a goodbye during a probe, and probes again at once, as the first probe may have been lost", async () => {
    const { hear, heard, nobody, published } = await known();
    await pass(750);
    expect(published).toMatchObject([{ subject: "muove.pricing._i.a._watch" }]);
    hear(goodbyeOf(member("a")));
    expect(published).toEqual([published[0], published[0]]);
    nobody();
    expect(heard.down).toHaveBeenCalledExactlyOnceWith(member("a"), "closed");
  });

  test("a goodbye that the server cannot confirm, and the instance as closed once it is silent", async () => {
    const { hear, heard } = await known();
    hear(goodbyeOf(member("a")));
    await pass(4_000);
    expect(heard.down).toHaveBeenCalledExactlyOnceWith(member("a"), "closed");
  });

  test("a hello of a known instance that serves again, and asks it for beats", async () => {
    const { hear, published, answer, watch } = await known();
    hear(helloOf(member("a")));
    expect(published).toEqual([]);
    const anew = { ...member("a"), since: 1 };
    hear(helloOf(anew));
    expect(published).toMatchObject([{ subject: "muove.pricing._i.a._watch" }]);
    expect(watch.roster.members).toEqual([member("a")]);
    answer(cardOf(anew, false));
    expect(watch.roster.members).toEqual([anew]);
  });

  test.each([beatOf, helloOf])(
    "LIVENESS-PROBES-3 a flood of invented names, and does not probe each (%#)",
    async (sign) => {
      const { hear, heard, published, waiting, watch } = await settled();
      for (let i = 0; i < 10_000; i++) hear(sign(member(`${i}`)));
      expect(published.length).toBeLessThanOrEqual(1 + 256);
      expect(waiting.size).toBeLessThanOrEqual(256);
      expect(heard.up).not.toHaveBeenCalled();
      expect(watch.roster.size).toBe(0);
      await pass(3_000);
      expect(waiting.size).toBe(0);
    },
  );

  test("LIVENESS-PROBES-3 a flood of names without responders, and probes 256 of them in 100 ms", async () => {
    const { hear, nobody, published } = await settled();
    for (let i = 0; i < 10_000; i++) {
      hear(helloOf(member(`${i}`)));
      nobody();
    }
    expect(published.length).toBeLessThanOrEqual(1 + 256);
    await pass(101);
    hear(helloOf(member("one-more")));
    expect(published.at(-1)).toMatchObject({ subject: "muove.pricing._i.one-more._watch" });
  });

  test("ROSTER-4 only as many instances as it holds, logs that once, and probes no others", async () => {
    const { env, answer, hear, published, logged, waiting } = wired();
    const watch = new Watch(env, "pricing", () => {});
    for (let i = 0; i < 5_000; i++) answer(cardOf(member(`${i}`), false));
    expect(watch.settled).toBe(true); // A round takes no more answers either.
    expect(watch.roster.size).toBe(4_096);
    for (let i = 4_900; i < 5_000; i++) hear(beatOf(member(`${i}`)));
    expect(published.filter(({ subject }) => subject.includes("._i."))).toEqual([]);
    expect(logged).toHaveBeenCalledExactlyOnceWith({ mailbox: "pricing", most: 4_096 }, expect.any(String));
    watch.end();
    expect(waiting.size).toBe(0);
  });

  test("WATCH-3 nothing while its event loop is blocked, and reports no instance as silent", async () => {
    const { hear, heard } = await known();
    hear(beatOf(member("a")));
    for (let i = 0; i < 5; i++) {
      // An hour passes without any timer, and then each fires once.
      vi.spyOn(performance, "now").mockReturnValue(3_600_000 * (i + 1));
      await vi.advanceTimersToNextTimerAsync();
      hear(beatOf(member("a")));
    }
    vi.restoreAllMocks();
    expect(heard.down).not.toHaveBeenCalled();
  });
});
