import { pino } from "pino";
import { describe, expect, test, vi } from "vitest";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Link } from "../link/index.js";
import { Answers } from "./answers.js";

function answers(prefixes: readonly string[] = []) {
  const lines: string[] = [];
  const log = new RateLimitedLog(pino({}, { write: (line: string) => void lines.push(line) }));
  const counts = { refusedReplySubjects: 0 };
  const current = vi.fn(() => true);
  const link = { publish: current, maxPayload: 1_024 } as unknown as Link;
  return { answers: new Answers(link, counts, log, prefixes), counts, current, lines };
}

const nothing = new Uint8Array(0);

describe("ANSWERS-1 an answer", () => {
  test.each(["_INBOX.abc.1", "_INBOX_muove.shop.1.abc", "_INBOX_other.1", "_R_.abc.def", "_MYAPP.1", "eu.apps.x", ""])(
    "may go to %j",
    (reply) => {
      const { answers: made, counts } = answers(["_MYAPP", "eu.apps"]);
      expect(made.mayGoTo(reply)).toBe(true);
      expect(counts.refusedReplySubjects).toBe(0);
    },
  );

  test.each([
    "muove.pricing.quote",
    "muove.stock._event.soldOut",
    "$JS.API.STREAM.DELETE.orders",
    "$SRV.PING",
    "eu.apps",
    "eu.appsx.1",
    "_MYAPPS.1",
    "_inbox.1",
    "_R_x.1",
    "x._INBOX.1",
    ">",
  ])("may not go to %j: each is counted, and the log is rate-limited", (reply) => {
    const { answers: made, counts, lines } = answers(["_MYAPP", "eu.apps"]);
    for (let i = 0; i < 100; i++) expect(made.mayGoTo(reply)).toBe(false);
    expect(counts.refusedReplySubjects).toBe(100);
    expect(lines).toHaveLength(1);
  });

  test("is logged with only the start of a long subject", () => {
    const { answers: made, lines } = answers();
    made.mayGoTo("x".repeat(1_000_000));
    expect(lines.join("").length).toBeLessThan(1_000);
  });
});

describe("ANSWERS-2 an answer goes out", () => {
  test("on the connection that delivered the request", () => {
    const { answers: made, current } = answers();
    const origin = { publish: vi.fn(() => true) };
    made.send(origin, "_INBOX.1", nothing, "");
    expect(origin.publish).toHaveBeenCalledExactlyOnceWith("_INBOX.1", nothing, { headers: "" });
    expect(current).not.toHaveBeenCalled();
  });

  test("on the current one if that is gone", () => {
    const { answers: made, current } = answers();
    made.send({ publish: () => false }, "_INBOX.1", nothing, "");
    expect(current).toHaveBeenCalledExactlyOnceWith("_INBOX.1", nothing, { headers: "" });
  });

  test("nowhere if it exceeds the server's limit: that is logged, and nothing is thrown", () => {
    const { answers: made, current, lines } = answers();
    current.mockReturnValue(false);
    made.send({ publish: () => false }, "_INBOX.1", new Uint8Array(2_000), "");
    expect(lines).toHaveLength(1);
  });
});
