// What docs/logs.md says of the log, held against what is really logged.

import { type Bus, connect } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { onEveryBroker } from "../support/brokers.js";
import { keptLog, type LogLine } from "../support/log-lines.js";
import { until } from "../support/until.js";
import { Stage, shelf, situations, trace } from "./situations.js";
import { rows, textsInTheSources } from "./table.js";

const onEveryLine = ["level", "time", "pid", "hostname", "service", "instance", "msg", "leftOut"];
const ids = Object.keys(trace.ids);

const known = new Set(rows.map(({ text }) => text));

function fieldsOf(line: LogLine): string[] {
  return Object.keys(line).filter((name) => !onEveryLine.includes(name) && !ids.includes(name));
}

describe("the table of the log", () => {
  test("has every line that is brought about here, and no other, once", () => {
    expect(rows.map(({ text }) => text).sort()).toEqual(Object.keys(situations).sort());
  });

  test("has every text that the sources log", () => {
    const texts = textsInTheSources();
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter((text) => !known.has(text))).toEqual([]);
  });

  test.each(rows)("says what is logged: $level, $text", async ({ level, text, fields, maybe, traced }) => {
    const stage = new Stage();
    await situations[text]?.(stage);
    await until(`it is logged: ${text}`, () => stage.lines.some(({ msg }) => msg === text));
    const line = stage.lines.find(({ msg }) => msg === text);
    if (line === undefined) throw new Error("it was there");
    const always = fields.filter((name) => name in line || !maybe.includes(name));
    expect({ level: line.level, fields: fieldsOf(line).sort() }).toEqual({ level, fields: always.sort() });
    expect(Object.fromEntries(ids.filter((id) => id in line).map((id) => [id, line[id]]))).toEqual(
      traced ? trace.ids : {},
    );
    expect(line).toMatchObject({ service: "shelf", instance: expect.stringMatching(/^\w+$/) });
    expect(stage.lines.filter(({ msg }) => !known.has(msg))).toEqual([]);
  });
});

onEveryBroker((kind) => {
  test("1,000 calls and casts in either direction log nothing from info on", async () => {
    const broker = await kind.start();
    const { logger, lines } = keptLog("info");
    const join = (service: string): Bus => {
      const bus = connect({ service, servers: broker.url, logger });
      onTestFinished(() => bus.close());
      return bus;
    };
    const [service, caller] = [join("shelf"), join("shop")];
    let filled = 0;
    const owner = service.serve(
      shelf,
      { level: () => 1, fill: () => void filled++, keep: () => {} },
      { backlog: 4_096 },
    );
    let emptied = 0;
    caller.on(shelf.events.emptied, () => void emptied++);
    await until("both are open", () => {
      const { mailboxes } = service.status;
      return mailboxes[0]?.state === "open" && caller.status.listeners[0]?.state === "open";
    });
    const before = lines.length;
    for (let n = 0; n < 1_000; n += 50) {
      const answers = Array.from({ length: 50 }, () => {
        caller.to(shelf).fill("tea");
        owner.publish.emptied("tea");
        return caller.to(shelf).level({ sku: "tea" }, { timeout: 30_000 });
      });
      expect((await Promise.all(answers)).every(({ status }) => status === "ok")).toBe(true);
    }
    await until("all was taken", () => filled === 1_000 && emptied === 1_000);
    expect(lines.slice(before)).toEqual([]);
  });
});
