import { describe, expect, test } from "vitest";
import type { Begun, Connected, Dead, Finished, LetterRecord, Receipt, Started, Trouble } from "./records.js";
import { judge } from "./verdict.js";

const id = "caller1-a-1";
const begun = (at = 0): Begun => ({ type: "begun", id, at });
const receipt = (said: Receipt["said"], at = 5): Receipt => ({ type: "receipt", id, said, at });
const started = (run: string, at = 10, more: Partial<Started> = {}): Started => {
  return { type: "started", id, owner: "worker1", run, attempt: 1, at, ...more };
};
const finished = (run: string, how: Finished["how"], at = 20): Finished => ({ type: "finished", id, run, how, at });
const dead = (reason: string, at = 30): Dead => ({ type: "dead", id, reason, at });
const trouble = (what: Trouble["what"], of: string, from: number, to: number): Trouble => {
  return { type: "trouble", what, of, from, to };
};

const connected = (of: string, at: number): Connected => ({ type: "connected", of, at });

const stored = [begun(), receipt("stored")];
const handled = [started("1"), finished("1", "handled")];
const again = (at: number) => [started("2", at, { owner: "worker2", attempt: 2 }), finished("2", "handled", at + 10)];
const failing = [
  ...[started("1"), finished("1", "failed")],
  ...[started("2", 1_030, { attempt: 2 }), finished("2", "failed", 1_040)],
  ...[started("3", 6_050, { attempt: 3 }), finished("3", "failed", 6_060)],
];

describe("is a lie:", () => {
  test.each<[string, readonly LetterRecord[], RegExp]>([
    ["a letter without a receipt", [begun(), ...handled], /MAIL-VERDICT-1/],
    ["two receipts of one sending", [...stored, receipt("stored", 6), ...handled], /MAIL-VERDICT-1/],
    ["a receipt long after its time", [begun(), receipt("no", 60_000)], /MAIL-VERDICT-1/],
    ["a letter that nobody sent", handled, /MAIL-VERDICT-1/],
    ["two sendings without a receipt", [begun(), begun(9), trouble("killed", "caller1", 10, 20)], /MAIL-VERDICT-1/],
    ["stored, and never begun", stored, /is lost.*MAIL-VERDICT-2/],
    ["stored, and begun by a holder that was killed", [...stored, started("1")], /MAIL-VERDICT-2/],
    ["stored, and failed, and nowhere then", [...stored, started("1"), finished("1", "failed")], /MAIL-VERDICT-2/],
    [
      "lost over a restart of the store",
      [...stored, started("1"), finished("1", "later"), trouble("killed", "NATS", 20, 2_000)],
      /MAIL-VERDICT-2/,
    ],
    ["no, and handled", [begun(), receipt("no"), ...handled], /MAIL-VERDICT-3/],
    ["no, and only begun", [begun(), receipt("no"), started("1"), finished("1", "aborted")], /MAIL-VERDICT-3/],
    ["no, and dead", [begun(), receipt("no"), dead("lost")], /MAIL-VERDICT-3/],
    ["handled twice", [...stored, ...handled, ...again(4_100)], /MAIL-VERDICT-4/],
    ["handled twice at once", [...stored, ...handled, ...again(10)], /MAIL-VERDICT-4/],
    ["handled, and dead", [...stored, ...handled, dead("lost")], /MAIL-VERDICT-4/],
    ["failed once, and handled twice", [...stored, ...failing.slice(0, 2), ...again(1_020), ...again2()], /VERDICT-4/],
    ["dead twice", [...stored, ...failing, dead("failed", 6_070), dead("failed", 6_080)], /MAIL-VERDICT-4/],
    ["dead as failed, and never begun", [...stored, dead("failed")], /MAIL-VERDICT-5/],
    [
      "dead as failed after two tries of three",
      [...stored, ...failing.slice(0, 4), dead("failed", 1_050)],
      /MAIL-VERDICT-5/,
    ],
    ["dead as buried, which nobody did", [...stored, ...failing, dead("buried", 6_070)], /MAIL-VERDICT-5/],
    ["dead as rejected", [...stored, dead("rejected")], /MAIL-VERDICT-5/],
  ])("%s", (_, records, what) => {
    const { lies } = judge(records);
    expect(lies.map((lie) => lie.what)).toEqual([expect.stringMatching(what)]);
  });

  const doubled = [...stored, ...handled, ...again(4_100)];
  test.each<[string, ...LetterRecord[]]>([
    ["a short cut", trouble("cut", "worker1", 15, 15)],
    ["a cut, and a connection soon after", trouble("cut", "worker1", 15, 500), connected("worker1", 1_200)],
    ["another holder that stood still long before", trouble("stood still", "worker2", -5_000, 1_000)],
    ["a short stop", trouble("stood still", "worker1", 15, 1_000)],
    ["a holder that was told to end", trouble("ended", "worker1", 15, 500)],
    ["another member that was killed", trouble("killed", "worker3", 15, 500)],
    ["its sender that was killed", trouble("killed", "caller1", 15, 500)],
    ["a holder that was killed long after", trouble("killed", "worker1", 3_900, 4_000)],
    ["a holder that was killed before", trouble("killed", "worker1", -900, -400)],
    ["a long cut that began when all was done", trouble("cut", "worker1", 3_800, 8_000)],
    ["a store that restarted before it was sent", trouble("killed", "NATS", -900, -400)],
    ["a store that restarted after all", trouble("killed", "NATS", 4_200, 5_000)],
    ["a store that stood still for a moment", trouble("stood still", "NATS", 15, 300)],
  ])("handled twice, with %s", (_, ...excuses) => {
    expect(judge([...doubled, ...excuses]).lies).toHaveLength(1);
  });
});

describe("is no lie:", () => {
  test.each<[string, readonly LetterRecord[]]>([
    ["handled once", [...stored, ...handled]],
    ["refused", [begun(), receipt("no")]],
    ["maybe, and handled", [begun(), receipt("maybe"), ...handled]],
    ["maybe, and nowhere", [begun(), receipt("maybe")]],
    ["maybe, then stored", [begun(), receipt("maybe"), begun(6), receipt("stored", 7), ...handled]],
    ["maybe, then no, and handled", [begun(), receipt("maybe"), begun(6), receipt("no", 7), ...handled]],
    ["no receipt, as its sender was killed", [begun(), trouble("killed", "caller1", 3, 500)]],
    ["put aside, then handled", [...stored, started("1"), finished("1", "later"), ...again(1_000)]],
    ["failed, then handled", [...stored, ...failing.slice(0, 4), ...again2()]],
    ["failed, then dead", [...stored, ...failing, dead("failed", 6_070)]],
    ["buried", [...stored, started("1"), finished("1", "buried"), dead("buried")]],
    [
      "begun, and its holder was killed",
      [...stored, started("1"), trouble("killed", "worker1", 15, 500), ...again(4_100)],
    ],
    [
      "interrupted by its holder's end",
      [...stored, started("1"), finished("1", "aborted"), trouble("ended", "worker1", 15, 500), ...again(40)],
    ],
    [
      "failed, and its holder was killed then",
      [...stored, ...failing.slice(0, 2), trouble("killed", "worker1", 21, 500), ...again(1_030), ...again2()],
    ],
  ])("%s", (_, records) => {
    expect(judge(records).lies).toEqual([]);
  });

  const doubled = [...stored, ...handled, ...again(4_100)];
  test.each<[string, readonly LetterRecord[]]>([
    ["a holder that was killed", [trouble("killed", "worker1", 15, 500)]],
    ["a long stop", [trouble("stood still", "worker1", 15, 4_000)]],
    ["a long cut that began before its handler", [trouble("cut", "worker1", -500, 3_000)]],
    [
      "a short cut, and a long time until it has a connection",
      [trouble("cut", "worker1", 15, 15), connected("worker1", 2_000)],
    ],
    ["short cuts, one after the other", [trouble("cut", "worker1", 15, 500), trouble("cut", "worker1", 1_400, 1_500)]],
    ["a store that restarted", [trouble("killed", "NATS", 2_000, 3_000)]],
    ["a store that stood still for long", [trouble("stood still", "NATS", 15, 2_500)]],
    [
      "a holder that was told to end while it was cut",
      [trouble("cut", "worker1", 5, 15), trouble("ended", "worker1", 15, 500)],
    ],
    ["another holder that had it first, and stood still", [trouble("stood still", "worker2", 5, 4_099)]],
    ["a long silence of all paths", [trouble("stood still", "everyone", 15, 4_000)]],
  ])("handled twice, with %s", (_, excuses) => {
    expect(judge([...doubled, ...excuses]).lies).toEqual([]);
  });
});

test("counts what senders were told, what became of it, and what came again", () => {
  const other = (records: readonly LetterRecord[]): LetterRecord[] =>
    records.map((record) => ("id" in record ? { ...record, id: "caller1-a-2" } : record));
  const excuse = trouble("killed", "worker1", 15, 500);
  expect(judge([...stored, ...handled, ...again(4_100), excuse, ...other([begun(), receipt("no")])]).counts).toEqual({
    "no: nowhere": 1,
    "stored: handled, and came again": 1,
  });
});

test("the evidence has all that is known of the letter, by time, and what happened to those who had it", () => {
  const [ours, others] = [trouble("cut", "worker1", 15, 15), trouble("cut", "worker3", 15, 15)];
  const [lie] = judge([ours, others, ...handled, ...again(4_100), ...stored]).lies;
  expect(lie?.evidence).toEqual([...stored, ...handled, ...again(4_100), ours]);
});

function again2(): LetterRecord[] {
  return [started("3", 6_050, { owner: "worker3", attempt: 3 }), finished("3", "handled", 6_060)];
}
