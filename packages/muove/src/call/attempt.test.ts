import { describe, expect, test, vi } from "vitest";
import { Deadlines } from "../base/deadlines.js";
import { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import * as ending from "../outcome/endings.js";
import { Attempt } from "./attempt.js";
import type { Request } from "./request.js";
import type { CallTarget } from "./target.js";

function attempt(timeout: number, signals: readonly AbortSignal[] = [], published = true) {
  const link = { subscribe: () => ({}), publish: () => published, up: false } as unknown as Link;
  const transport = { link, inbox: new Inbox(link, "_INBOX_test.1"), deadlines: new Deadlines() };
  const to = { address: "pricing.quote", subject: "muove.pricing.quote" } as CallTarget;
  const ended = vi.fn();
  const request = {
    env: { transport },
    scope: { signals },
    payload: new Uint8Array(0),
    headers: () => "",
    cancel: () => {},
  } as unknown as Request;
  return { transport, ended, attempt: new Attempt(request, to, timeout, performance.now(), { ended }) };
}

describe("ATTEMPT-1 an attempt settles once and leaves no inbox entry and no deadline behind", () => {
  const endings = {
    "with a reply": ({ attempt }: ReturnType<typeof sent>) => attempt.settle(ending.ok(1)),
    "when the connection is lost": ({ attempt }: ReturnType<typeof sent>) => attempt.lost(),
    "as forbidden": ({ attempt }: ReturnType<typeof sent>) => attempt.forbidden(),
    "by its deadline": ({ ended }: ReturnType<typeof sent>) => vi.waitFor(() => expect(ended).toHaveBeenCalled()),
    "by its signal": ({ controller }: ReturnType<typeof sent>) => controller.abort(),
  };

  function sent() {
    const controller = new AbortController();
    const made = { controller, ...attempt(20, [controller.signal]) };
    made.attempt.send();
    return made;
  }

  test.each(Object.entries(endings))("%s", async (_, end) => {
    const made = sent();
    const { transport, ended, attempt } = made;
    expect([transport.inbox.size, transport.deadlines.size]).toEqual([1, 1]);
    await end(made);
    attempt.lost();
    expect([transport.inbox.size, transport.deadlines.size]).toEqual([0, 0]);
    expect(ended).toHaveBeenCalledExactlyOnceWith(expect.anything(), attempt);
  });

  test("also when there was no connection to send it", () => {
    const { transport, ended, attempt: unsent } = attempt(20, [new AbortController().signal], false);
    unsent.send();
    expect([transport.inbox.size, transport.deadlines.size]).toEqual([0, 0]);
    const outcome = expect.objectContaining({ reason: "unreachable", delivered: "no" });
    expect(ended).toHaveBeenCalledExactlyOnceWith(outcome, unsent);
  });
});
