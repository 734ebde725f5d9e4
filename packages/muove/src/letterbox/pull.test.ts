import { describe, expect, test, vi } from "vitest";
import type { Link } from "../link/index.js";
import { type Patience, Pull } from "./pull.js";

const patience: Patience = { expires: 2_000, heartbeat: 1_000 };
const all = Number.POSITIVE_INFINITY;

function pull(own: Partial<Patience> = {}, published = true) {
  const link = { publish: vi.fn((_subject: string, _body: Buffer, _options: object) => published) };
  const owner = { ended: vi.fn(), gone: vi.fn() };
  const made = new Pull(link as unknown as Link, "NEXT.S.C", "_INBOX.1.C", { ...patience, ...own }, owner);
  const asked = () => link.publish.mock.calls.map(([, body]) => JSON.parse(body.toString()));
  return { pull: made, link, owner, asked };
}

test("a request says for how many letters there is room, and how long it waits", () => {
  const { pull: made, link, asked } = pull({ expires: 30_000, heartbeat: 5_000 });
  expect(made.ask(3)).toBe(true);
  expect(asked()).toEqual([{ batch: 3, expires: 30e9, idle_heartbeat: 5e9 }]);
  expect(link.publish).toHaveBeenCalledWith("NEXT.S.C", expect.anything(), { reply: "_INBOX.1.C.1" });
});

test("without a connection nothing is asked for", () => {
  const { pull: made } = pull({}, false);
  expect(made.ask(1)).toBe(false);
  expect(made.outstanding).toBe(0);
});

test("PULL-1 the sum counts, whichever request the server takes a letter for", () => {
  const { pull: made } = pull();
  made.ask(3);
  made.ask(3);
  for (let n = 0; n < 4; n++) made.delivered(); // Two for each.
  made.told(2, "408 Request Timeout", 1);
  expect(made.outstanding).toBe(1);
  made.told(1, "408 Request Timeout", 1);
  expect(made.outstanding).toBe(0);
  made.told(1, "408 Request Timeout", 1);
  made.delivered();
  expect(made.outstanding).toBe(0);
});

describe("PULL-2 a request ends", () => {
  test("filled, when all of its letters came", () => {
    const { pull: made, owner } = pull();
    made.ask(2);
    made.delivered();
    expect(made.outstanding).toBe(1);
    made.delivered();
    expect(owner.ended).toHaveBeenCalledTimes(2);
    made.delivered(); // Of a request that was given up.
    expect(owner.ended).toHaveBeenCalledTimes(2);
  });

  test.each(["404 No Messages", "408 Request Timeout", "408 Requests Pending"])("on %s", (status) => {
    const { pull: made, owner } = pull();
    made.ask(1);
    made.told(1, status, all);
    expect(owner.ended).toHaveBeenCalledOnce();
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
    made.ask(1);
    made.told(1, status, all);
    expect(owner.gone).toHaveBeenCalledExactlyOnceWith(status);
    expect([made.outstanding, owner.ended.mock.calls.length]).toEqual([0, 0]);
  });

  test("on no responders, with words for it", () => {
    const { pull: made, owner } = pull();
    made.ask(1);
    made.told(1, "503", all);
    expect(owner.gone).toHaveBeenCalledExactlyOnceWith("nobody answers for its consumer");
  });

  test("not on a heartbeat, nor on what is said of an earlier request, or of one that is over", () => {
    const { pull: made, owner } = pull();
    made.ask(1);
    made.reset();
    made.ask(1);
    made.told(1, "409 Consumer Deleted", all);
    made.told(2, "100 Idle Heartbeat", all);
    expect(made.outstanding).toBe(1);
    made.told(2, "408 Request Timeout", all);
    made.told(2, "409 Consumer Deleted", all);
    expect([owner.ended.mock.calls.length, owner.gone.mock.calls.length]).toEqual([1, 0]);
  });

  test("when four heartbeats of its consumer are missing", async () => {
    const { pull: made, owner } = pull({ heartbeat: 100 });
    made.ask(1);
    await vi.waitFor(() => expect(owner.gone).toHaveBeenCalledWith("its consumer does not answer"), { timeout: 5_000 });
    expect(made.outstanding).toBe(0);
  });

  test("but not because this process stood still while the answer lay in its socket", async () => {
    const { pull: made, owner } = pull({ heartbeat: 100 });
    made.ask(1);
    const read = new Promise<void>((resolve) => {
      setTimeout(() => {
        made.told(1, "100 Idle Heartbeat", all); // As read after the timers of this turn.
        resolve();
      }, 450);
    });
    const stalled = performance.now();
    while (performance.now() - stalled < 500);
    await read;
    await new Promise((resolve) => setImmediate(resolve));
    expect(owner.gone).not.toHaveBeenCalled();
    made.reset();
  });
});
