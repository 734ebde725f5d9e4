import { pino } from "pino";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Events } from "./events.js";

let lines: { msg: string; event?: string; err?: { message: string } }[];
let events: Events<{ connected: { readonly server: string }; closed: object; deadLetter: object }>;
beforeEach(() => {
  lines = [];
  events = new Events(pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }));
});

describe("an event", () => {
  test("reaches all its listeners in the order of registration, and no others", () => {
    const heard: string[] = [];
    events.on("connected", () => heard.push("first"));
    events.on("connected", ({ server }) => heard.push(server));
    events.on("closed", () => heard.push("never"));
    events.emit("connected", { server: "a:1" });
    expect(heard).toEqual(["first", "a:1"]);
  });

  test("does not reach a listener that was removed; removing it twice changes nothing", () => {
    const [listener, other] = [vi.fn(), vi.fn()];
    const end = events.on("closed", listener);
    events.on("closed", other);
    end();
    end();
    events.emit("closed", {});
    expect(listener).not.toHaveBeenCalled();
    expect(other).toHaveBeenCalledOnce();
  });

  test("reaches a listener once per registration, and each registration is removed alone", () => {
    const listener = vi.fn();
    const end = events.on("closed", listener);
    events.on("closed", listener);
    end();
    events.emit("closed", {});
    expect(listener).toHaveBeenCalledOnce();
  });

  test("says whether it has listeners", () => {
    expect(events.heard("deadLetter")).toBe(false);
    const end = events.on("deadLetter", () => {});
    expect(events.heard("deadLetter")).toBe(true);
    end();
    expect(events.heard("deadLetter")).toBe(false);
  });

  test("may have any number of listeners without a warning from Node", () => {
    const warn = vi.spyOn(process, "emitWarning");
    for (let i = 0; i < 50; i++) events.on("closed", () => {});
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("a listener that fails", () => {
  test("by throwing is logged, and affects neither the other listeners nor the emitter", () => {
    const other = vi.fn();
    events.on("closed", () => {
      throw new Error("boom");
    });
    events.on("closed", other);
    events.emit("closed", {});
    expect(other).toHaveBeenCalledOnce();
    expect(lines).toMatchObject([{ msg: "a listener threw", event: "closed", err: { message: "boom" } }]);
  });

  test("by rejecting later is logged too, and does not end the process", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    try {
      events.on("closed", async () => {
        throw new Error("boom");
      });
      events.emit("closed", {});
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off("unhandledRejection", unhandled);
    }
    expect(unhandled).not.toHaveBeenCalled();
    expect(lines).toMatchObject([{ msg: "a listener threw", event: "closed", err: { message: "boom" } }]);
  });
});
