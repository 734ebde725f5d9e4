import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Core } from "../core/core.js";
import type { Awaiting } from "../inbox/inbox.js";
import type { Message } from "../link/index.js";
import { beatOf, cardOf, goodbyeOf, helloOf } from "./signs.js";
import { Watch } from "./watch.js";

// What takes longer than a test may, on a clock that the test turns. test/conformance has the rest, over TCP.

const everyone = "muove.pricing._all._watch";
const member = (instance: string) => ({
  instance,
  service: "pricing",
  version: "1.0.0",
  tags: {},
  since: 0,
  degraded: false,
});

/** A link and an inbox in the test's hands. */
function wired() {
  const published: { subject: string; data: string; reply: string | undefined }[] = [];
  const waiting = new Map<number, Awaiting>();
  const drained = vi.fn(async () => {});
  let hear: (message: Message) => void = () => {};
  let token = 0;
  const core = {
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
      open(awaiting: Awaiting) {
        waiting.set(++token, awaiting);
        return token;
      },
      close: (place: number) => void waiting.delete(place),
      subject: String,
    },
  };
  const message = (data: Uint8Array | string, headers = ""): Message =>
    ({ data: Buffer.from(data), headers, empty: data.length === 0 }) as unknown as Message;
  const latest = (): Awaiting | undefined => [...waiting.values()].at(-1);
  return {
    core: core as unknown as Core,
    link: core.link,
    published,
    waiting,
    drained,
    hear: (data: Uint8Array) => hear(message(data)),
    answer: (data: Uint8Array) => latest()?.received(message(data)),
    nobody: () => latest()?.received(message("", "NATS/1.0 503\r\n\r\n")),
  };
}

const watcher = () => ({ up: vi.fn(), down: vi.fn(), settled: vi.fn() });

/** So many ms pass, and the loop turns all the while. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"] }),
);
afterEach(() => void vi.useRealTimers());

describe("G1 a watch", () => {
  test("that is held asks again at a third of each lease, without a reply, and ends when it is let go of", async () => {
    const { core, published, answer, hear, drained } = wired();
    const ended = vi.fn();
    const watch = new Watch(core, "pricing", ended);
    const release = watch.hold(watcher());
    answer(cardOf(member("a")));
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

  test("that was only used goes on for a minute", async () => {
    const { core, nobody } = wired();
    const ended = vi.fn();
    const watch = new Watch(core, "pricing", ended);
    watch.use();
    nobody();
    await pass(59_000);
    watch.use();
    await pass(59_000);
    expect(ended).not.toHaveBeenCalled();
    await pass(2_000);
    expect(ended).toHaveBeenCalledOnce();
  });

  test("of somebody who never answers ends, too", async () => {
    const { core, published } = wired();
    const ended = vi.fn();
    new Watch(core, "pricing", ended).use();
    await pass(62_000);
    expect(ended).toHaveBeenCalledOnce();
    const asked = published.length;
    await pass(10_000);
    expect(published).toHaveLength(asked);
  });

  test("leaves nothing behind when it ends", async () => {
    const { core, waiting, answer } = wired();
    const watch = new Watch(core, "pricing", () => {});
    watch.use();
    answer(cardOf(member("a")));
    await pass(1_000); // "a" is asked whether it is there.
    watch.end();
    expect(waiting.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("G2 a watch is settled", () => {
  test("when nobody new has answered for a while", async () => {
    const { core, answer } = wired();
    const watch = new Watch(core, "pricing", () => {});
    watch.use();
    answer(cardOf(member("a")));
    await pass(40);
    answer(cardOf(member("b")));
    await pass(40);
    expect(watch.settled).toBe(false);
    await pass(20);
    expect(watch.settled).toBe(true);
  });

  test("when the server says that nobody is there, at once", () => {
    const { core, nobody } = wired();
    const watch = new Watch(core, "pricing", () => {});
    nobody();
    expect(watch.settled).toBe(true);
    watch.end();
  });

  test("not while nobody answers; then it asks again", async () => {
    const { core, published, answer } = wired();
    const watch = new Watch(core, "pricing", () => {});
    watch.use();
    await pass(3_500);
    expect(watch.settled).toBe(false);
    expect(published).toHaveLength(4);
    answer(cardOf(member("a")));
    await pass(600); // It took half a second to answer, so others may, too; but no round takes longer than a second.
    expect(watch.settled).toBe(true);
  });

  test("not without a connection; then whoever waits to know is told that it is not known", async () => {
    const { core, link, nobody } = wired();
    const watch = new Watch(core, "pricing", () => {});
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
    const watch = new Watch(wires.core, "pricing", () => {});
    const heard = watcher();
    watch.hold(heard);
    wires.nobody();
    return { ...wires, watch, heard };
  }

  test("a hello of somebody unknown, who is asked to be heard from then on", async () => {
    const { hear, heard, published } = await settled();
    hear(helloOf(member("a")));
    hear(helloOf(member("a")));
    expect(heard.up).toHaveBeenCalledExactlyOnceWith(member("a"));
    expect(published.at(-1)).toMatchObject({ subject: "muove.pricing._i.a._watch" });
    expect(published).toHaveLength(2);
  });

  test("a beat of somebody unknown, who is asked for its card", async () => {
    const { hear, heard, answer, published } = await settled();
    hear(beatOf(member("a")));
    expect(heard.up).not.toHaveBeenCalled();
    expect(published.at(-1)).toMatchObject({ subject: "muove.pricing._i.a._watch", reply: "2" });
    answer(cardOf(member("a")));
    expect(heard.up).toHaveBeenCalledOnce();
    hear(goodbyeOf(member("a")));
    expect(heard.down).toHaveBeenCalledExactlyOnceWith(member("a"), "closed");
  });

  test("a flood of invented names without asking for each", async () => {
    const { hear, published, waiting } = await settled();
    for (let i = 0; i < 10_000; i++) hear(beatOf(member(`${i}`)));
    expect(published.length).toBeLessThan(70);
    expect(waiting.size).toBeLessThan(70);
    await pass(3_000);
    expect(waiting.size).toBe(0);
  });

  test("G3 nothing while its loop stands still, and takes nobody for silent", async () => {
    const { hear, heard } = await settled();
    hear(helloOf(member("a")));
    await pass(300);
    hear(beatOf(member("a")));
    for (let i = 0; i < 5; i++) {
      // An hour passes in which no timer comes, and then one of each.
      vi.spyOn(performance, "now").mockReturnValue(3_600_000 * (i + 1));
      await vi.advanceTimersToNextTimerAsync();
      hear(beatOf(member("a")));
    }
    vi.restoreAllMocks();
    expect(heard.down).not.toHaveBeenCalled();
  });
});
