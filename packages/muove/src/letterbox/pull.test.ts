import { describe, expect, test, vi } from "vitest";
import type { Link } from "../link/index.js";
import { type Patience, Pull } from "./pull.js";

function pull(patience: Patience = { expires: 2_000 }, published = true) {
  const link = { publish: vi.fn((_subject: string, _body: Buffer, _options: object) => published) };
  const owner = { ended: vi.fn(), gone: vi.fn() };
  const made = new Pull(link as unknown as Link, "NEXT.S.C", "_INBOX.1.C", patience, owner);
  const asked = () => link.publish.mock.calls.map(([, body]) => JSON.parse(body.toString()));
  return { pull: made, link, owner, asked };
}

test("PULL-1 a request says for how many letters there is room, and whether it waits for more", () => {
  const { pull: made, link, asked } = pull({ expires: 30_000, heartbeat: 5_000 });
  expect(made.ask(3, "waiting")).toBe(true);
  expect(made.outstanding).toBe(3);
  made.reset();
  expect(made.ask(1, "coming")).toBe(true);
  expect(asked()).toEqual([
    { batch: 3, no_wait: true },
    { batch: 1, expires: 30e9, idle_heartbeat: 5e9 },
  ]);
  expect(link.publish).toHaveBeenLastCalledWith("NEXT.S.C", expect.anything(), { reply: "_INBOX.1.C.2" });
});

test("without a connection nothing is asked for", () => {
  const { pull: made } = pull({ expires: 2_000 }, false);
  expect(made.ask(1, "coming")).toBe(false);
  expect(made.outstanding).toBe(0);
});

describe("PULL-2 a request ends", () => {
  test("filled, when all of its letters came", () => {
    const { pull: made, owner } = pull();
    made.ask(2, "waiting");
    made.delivered();
    expect(owner.ended).not.toHaveBeenCalled();
    made.delivered();
    expect(owner.ended).toHaveBeenCalledExactlyOnceWith("filled");
    made.delivered(); // Of a request that was given up.
    expect(owner.ended).toHaveBeenCalledOnce();
  });

  test.each([
    ["404 No Messages", "empty"],
    ["408 Request Timeout", "over"],
    ["408 Requests Pending", "over"],
  ])("on %s, as %s", (status, why) => {
    const { pull: made, owner } = pull();
    made.ask(1, "coming");
    made.told("1", status);
    expect(owner.ended).toHaveBeenCalledExactlyOnceWith(why);
    expect([made.outstanding, owner.gone.mock.calls.length]).toEqual([0, 0]);
  });

  test.each([
    "409 Consumer Deleted",
    "409 Leadership Change",
    "409 Server Shutdown",
    "409 Exceeded MaxWaiting",
    "409 Exceeded MaxRequestBatch of 1",
    "409 Message Size Exceeds MaxBytes",
    "409 Batch Completed",
    "409 Consumer is push based",
    "423 Nats-Wrong-Pin-Id",
    "400 Bad Request - heartbeat value too large",
    "something new",
    "",
  ])("on %j, as its consumer is gone", (status) => {
    const { pull: made, owner } = pull();
    made.ask(1, "coming");
    made.told("1", status);
    expect(owner.gone).toHaveBeenCalledExactlyOnceWith(status);
    expect([made.outstanding, owner.ended.mock.calls.length]).toEqual([0, 0]);
  });

  test("on no responders, with words for it", () => {
    const { pull: made, owner } = pull();
    made.ask(1, "coming");
    made.told("1", "503");
    expect(owner.gone).toHaveBeenCalledExactlyOnceWith("nobody answers for its consumer");
  });

  test("not on a heartbeat, nor on what is said of an earlier request, or of one that is over", () => {
    const { pull: made, owner } = pull();
    made.ask(1, "coming");
    made.reset();
    made.ask(1, "coming");
    made.told("1", "409 Consumer Deleted");
    made.told("2", "100 Idle Heartbeat");
    expect(made.outstanding).toBe(1);
    made.told("2", "408 Request Timeout");
    made.told("2", "409 Consumer Deleted");
    expect([owner.ended.mock.calls.length, owner.gone.mock.calls.length]).toEqual([1, 0]);
  });

  test("when its consumer was silent for 3 s longer than it may be", async () => {
    const { pull: made, owner } = pull({ expires: 20 });
    made.ask(1, "coming");
    await vi.waitFor(() => expect(owner.gone).toHaveBeenCalledWith("its consumer does not answer"), { timeout: 5_000 });
    expect(made.outstanding).toBe(0);
  });

  test("but not because this process stood still while the answer lay in its socket", async () => {
    const { pull: made, owner } = pull({ expires: 20 });
    made.ask(1, "coming");
    const read = new Promise<void>((resolve) => {
      setTimeout(() => {
        made.told("1", "100 Idle Heartbeat"); // As read after the timers of this turn.
        resolve();
      }, 3_050);
    });
    const stalled = performance.now();
    while (performance.now() - stalled < 3_100);
    await read;
    await new Promise((resolve) => setImmediate(resolve));
    expect(owner.gone).not.toHaveBeenCalled();
    made.reset();
  });
});
