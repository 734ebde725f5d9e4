import { describe, expect, test, vi } from "vitest";
import { Deadlines } from "../base/deadlines.js";
import { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import * as ending from "../outcome/endings.js";
import { Attempt } from "./attempt.js";
import type { Prepared } from "./prepared.js";

function attempt(timeout: number, signals: readonly AbortSignal[] = []) {
  const link = { subscribe: () => ({}), publish: () => true } as unknown as Link;
  const core = { link, inbox: new Inbox(link, "_INBOX_test.1"), deadlines: new Deadlines() };
  const target = { address: "pricing.quote", subject: "muove.pricing.quote" };
  const ended = vi.fn();
  const call = { core, target, scope: { signals } } as unknown as Prepared;
  return { core, ended, attempt: new Attempt(call, timeout, performance.now(), { ended }) };
}

describe("P1 an attempt settles once and leaves neither a place in the inbox nor a deadline behind", () => {
  const endings = {
    "with an answer": ({ attempt }: ReturnType<typeof sent>) => attempt.settle(ending.ok(1)),
    "with the connection": ({ attempt }: ReturnType<typeof sent>) => attempt.lost(),
    "as forbidden": ({ attempt }: ReturnType<typeof sent>) => attempt.forbidden(),
    "by its deadline": ({ ended }: ReturnType<typeof sent>) => vi.waitFor(() => expect(ended).toHaveBeenCalled()),
    "by its signal": ({ controller }: ReturnType<typeof sent>) => controller.abort(),
  };

  function sent() {
    const controller = new AbortController();
    const made = { controller, ...attempt(20, [controller.signal]) };
    made.attempt.wait();
    return made;
  }

  test.each(Object.entries(endings))("%s", async (_, end) => {
    const made = sent();
    const { core, ended, attempt } = made;
    expect([core.inbox.size, core.deadlines.size]).toEqual([1, 1]);
    await end(made);
    attempt.lost();
    expect([core.inbox.size, core.deadlines.size]).toEqual([0, 0]);
    expect(ended).toHaveBeenCalledExactlyOnceWith(expect.anything(), attempt);
  });

  test("also when it was never sent", () => {
    const { core, ended, attempt: unsent } = attempt(20);
    unsent.settle(ending.unreachable("pricing.quote", "no"));
    expect([core.inbox.size, core.deadlines.size]).toEqual([0, 0]);
    expect(ended).toHaveBeenCalledOnce();
  });
});
