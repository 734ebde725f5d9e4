// Checks docs/logs.md against what is logged.

import { type Bus, connect } from "muove";
import { describe, expect, onTestFinished, test } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { keptLog, type LogLine } from "../support/log-lines.js";
import { until } from "../support/until.js";
import { letterSituations, program } from "./letter-situations.js";
import { Stage, shelf, situations, trace } from "./situations.js";
import { type Row, rows, textsInTheSources } from "./table.js";

const onEveryLine = ["level", "time", "pid", "hostname", "service", "instance", "msg", "leftOut"];
const ids = Object.keys(trace.ids);

const known = new Set(rows.map(({ text }) => text));

function fieldsOf(line: LogLine): string[] {
  return Object.keys(line).filter((name) => !onEveryLine.includes(name) && !ids.includes(name));
}

describe("the table of the log", () => {
  test("has exactly the lines of the situations, each once", () => {
    const texts = [...Object.keys(situations), ...Object.keys(letterSituations)];
    expect(rows.map(({ text }) => text).sort()).toEqual(texts.sort());
  });

  test("uses no field that common loggers use for the text of a line", () => {
    const fields = new Set(rows.flatMap((row) => row.fields));
    expect(["message", "msg", "level", "time"].filter((name) => fields.has(name))).toEqual([]);
  });

  test("has every message that the sources log", () => {
    const texts = textsInTheSources();
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter((text) => !known.has(text))).toEqual([]);
  });

  test.each(rows.filter(({ text }) => text in situations))("is right about $level, $text", isRight);

  describe.skipIf(program === undefined)("[needs nats-server 2.10 or later]", () => {
    test.each(rows.filter(({ text }) => text in letterSituations))("is right about $level, $text", isRight, 30_000);
  });

  async function isRight({ level, text, fields, maybe, traced }: Row): Promise<void> {
    const stage = new Stage();
    await (situations[text] ?? letterSituations[text])?.(stage);
    await until(`it is logged: ${text}`, () => stage.lines.some(({ msg }) => msg === text));
    const line = stage.lines.find(({ msg }) => msg === text);
    if (line === undefined) throw new Error("the line is gone");
    const always = fields.filter((name) => name in line || !maybe.includes(name));
    expect({ level: line.level, fields: fieldsOf(line).sort() }).toEqual({ level, fields: always.sort() });
    expect(Object.fromEntries(ids.filter((id) => id in line).map((id) => [id, line[id]]))).toEqual(
      traced ? trace.ids : {},
    );
    expect(line).toMatchObject({ service: "shelf", instance: expect.stringMatching(/^\w+$/) });
    expect(stage.lines.filter(({ msg }) => !known.has(msg))).toEqual([]);
  }
});

describeOnEachBroker((kind) => {
  test("1,000 calls, casts and events log nothing from info on", async () => {
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
    await until("all are handled", () => filled === 1_000 && emptied === 1_000);
    expect(lines.slice(before)).toEqual([]);
  });
});
