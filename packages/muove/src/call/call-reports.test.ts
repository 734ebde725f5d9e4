import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Random } from "../../../../test/support/random.js";
import { Events } from "../base/events.js";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { AnyOutcome } from "../outcome/answer.js";
import type { BusEvents } from "../outcome/bus-events.js";
import { newCounts } from "../outcome/counts.js";
import * as ending from "../outcome/endings.js";
import { Peers } from "../peers/peer.js";
import { CallReports } from "./call-reports.js";
import type { CallTarget } from "./target.js";

vi.mock("../base/timers.js", () => import("../../../../test/support/global-timers.js"));

let lines: Record<string, unknown>[];
let peers: Peers;
let reports: CallReports;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  lines = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  peers = new Peers(() => {});
  const sinks = { counts: newCounts(), events: new Events<BusEvents>(log), log, limitedLog: new RateLimitedLog(log) };
  reports = new CallReports(sinks);
});
afterEach(() => void vi.useRealTimers());

const message = () => ({ address: "m.x", mailbox: "m", message: "x", peer: peers.of("m.x") }) as CallTarget;
function addressed(name: string, kind: "tags" | "instance"): CallTarget {
  const address = `m.x@${name}`;
  return { address, mailbox: "m", message: "x", peer: peers.addressed(address, "m.x", kind) } as CallTarget;
}

const absent = ending.absent("m.x");
function end(target: CallTarget, outcome: AnyOutcome, times = 1): void {
  for (let i = 0; i < times; i++) reports.ended(target, outcome, undefined);
}

const noAnswer = { level: 40, address: "m.x", reason: "absent", delivered: "no", msg: "a call got no answer" };

const refusal = "a call was refused by a step of the other side";

describe("calls that fail", () => {
  test("CALL-REPORTS-2 log the first at once, then a line per 10 s with how many more", () => {
    for (let second = 0; second < 20; second++) {
      end(message(), absent, 1_000);
      vi.advanceTimersByTime(1_000);
    }
    end(message(), absent);
    expect(lines).toEqual([noAnswer, { ...noAnswer, leftOut: 9_999 }, { ...noAnswer, leftOut: 9_999 }]);
  });

  test("CALL-REPORTS-2 log a line for each reason and each address", () => {
    for (const target of [message(), addressed("region=eu", "tags"), addressed("region=us", "tags")]) {
      for (const outcome of [absent, ending.timedOut("m.x", 5), ending.crashed("m.x", "id")]) end(target, outcome, 3);
    }
    const seen = lines.map(({ address, reason }) => `${address} ${reason}`);
    const addresses = ["m.x", "m.x@region=eu", "m.x@region=us"];
    expect(seen).toEqual(
      addresses.flatMap((at) => ["absent", "timeout", "crashed"].map((reason) => `${at} ${reason}`)),
    );
  });

  test.each([ok(), ending.failed("m.x", { code: "GONE" })])(
    "CALL-REPORTS-2 are followed by one line when calls are answered again, also with $status",
    (answer) => {
      end(message(), answer, 3);
      end(message(), absent, 7);
      end(message(), answer, 3);
      const again = { level: 30, address: "m.x", unanswered: 7, msg: "calls are answered again" };
      expect(lines).toEqual([noAnswer, again]);
    },
  );

  test("CALL-REPORTS-5 are logged and counted in a second outage, too, however soon it comes", () => {
    const again = { level: 30, address: "m.x", msg: "calls are answered again" };
    end(message(), absent, 3);
    end(message(), ok());
    vi.advanceTimersByTime(1_000);
    end(message(), absent, 5);
    vi.advanceTimersByTime(1_000);
    end(message(), ok(), 4);
    end(message(), absent, 6);
    expect(lines).toEqual([noAnswer, { ...again, unanswered: 3 }, { ...noAnswer, leftOut: 2 }]);
    vi.advanceTimersByTime(8_000);
    end(message(), ok());
    expect(lines.slice(3)).toEqual([{ ...again, unanswered: 11 }]);
  });

  test("CALL-REPORTS-5 leave no last line that is wrong, whatever comes and goes, at any address", () => {
    const random = new Random(7);
    const targets = [message(), addressed("region=eu", "tags"), addressed("a", "instance"), addressed("b", "instance")];
    const failing = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const target = random.pick(targets);
      const outcome = random.pick<AnyOutcome>([absent, ending.timedOut("m.x", 5), ok(), ok()]);
      end(target, outcome);
      if (outcome.status === "ok") failing.delete(target.address);
      else failing.add(target.address);
      for (const address of failing) {
        const last = lines.findLast((line) => line.address === address);
        expect(last === undefined || last.msg === "a call got no answer").toBe(true);
      }
      vi.advanceTimersByTime(random.between(0, 300));
    }
    const intervals = (20_000 * 150) / 10_000;
    expect(lines.length).toBeLessThan(intervals * targets.length * 4); // Two reasons, two lines about coming back.
  });

  test("CALL-REPORTS-2 are three lines per 10 s at most while every other call is answered", () => {
    for (let i = 0; i < 20_000; i++) {
      end(message(), i % 2 === 0 ? absent : ok());
      vi.advanceTimersByTime(1);
    }
    expect(lines).toHaveLength(6);
  });

  test("CALL-REPORTS-2 share the lines of their message where they go to ever other instances", () => {
    for (let i = 0; i < 5_000; i++) end(addressed(`${i}`, "instance"), absent);
    end(message(), absent);
    expect(lines.map(({ address }) => address)).toEqual(["m.x@0", "m.x"]);
  });

  test("CALL-REPORTS-2 take no lines from other addresses where they go to ever other tags", () => {
    for (let i = 0; i < 5_000; i++) end(addressed(`tenant=${i}`, "tags"), absent);
    expect(lines.length).toBeLessThan(1_100);
    end(message(), absent);
    expect(lines.at(-1)).toMatchObject({ address: "m.x" });
  });

  test.each([ending.expired("m.x"), ending.cancelled("m.x", "no"), ending.cancelled("m.x", "maybe")])(
    "because their caller gave up log nothing: $reason/$delivered",
    (outcome) => {
      end(message(), outcome, 10);
      end(message(), ok());
      expect(lines).toEqual([]);
    },
  );

  const issues = [
    { message: "Expected number but received 4711", path: ["lines", 0, "cents"] },
    { message: "Expected string but received 4711", path: ["lines", 0, "cents"] },
    { message: "Expected object", path: [] },
  ];
  test.each([
    [ending.invalidReply("m.x", issues), { fields: ["lines.0.cents", "(root)"] }],
    [ending.rejected("m.x", issues), { fields: ["lines.0.cents", "(root)"] }],
    [ending.unknownMessage("m.x"), {}],
  ])(
    "CALL-REPORTS-3 because the contracts differ are errors that name the fields, and no values: $reason",
    (outcome, more) => {
      const { reason, delivered } = outcome;
      end(message(), outcome, 500);
      const msg = "a call failed because the contracts of both sides differ; compare their versions";
      expect(lines).toEqual([{ level: 50, address: "m.x", reason, delivered, ...more, msg }]);
    },
  );

  test("CALL-REPORTS-4 give their peer the fields of an invalid reply to tell, as often as the log has them", () => {
    const { peer } = message();
    end(message(), ending.rejected("m.x", issues));
    expect(peer.invalidReply).toBeUndefined();
    end(message(), ending.invalidReply("m.x", issues));
    expect(peer.invalidReply).toBe("lines.0.cents,(root)");
    expect(addressed("region=eu", "tags").peer.invalidReply).toBeUndefined();
    peer.invalidReply = undefined; // A call told it.
    for (let second = 0; second < 10; second++) {
      end(message(), ending.invalidReply("m.x", issues), 100);
      expect(peer.invalidReply).toBeUndefined();
      vi.advanceTimersByTime(1_000);
    }
    end(message(), ending.invalidReply("m.x", issues));
    expect(peer.invalidReply).toBe("lines.0.cents,(root)");
  });

  test("because a step refused them are lines of their own, and count as answered", () => {
    end(message(), absent, 2);
    end(message(), ending.refused("m.x", "the token has expired"), 3);
    end(message(), ok());
    expect(lines).toEqual([
      noAnswer,
      { level: 30, address: "m.x", unanswered: 2, msg: "calls are answered again" },
      { level: 40, address: "m.x", text: "the token has expired", msg: refusal },
    ]);
  });

  test("because a handler threw name its crash", () => {
    end(message(), ending.crashed("m.x", "4f2a"));
    expect(lines).toMatchObject([{ level: 40, reason: "crashed", crash: "4f2a" }]);
  });
});

function ok(): AnyOutcome {
  return ending.ok(1);
}
