import { describe, expect, test } from "vitest";
import { z } from "zod";
import { call, cast, event, InvalidContract, mailbox } from "./index.js";
import { reservedNames } from "./names.js";

const message = cast();

describe("a mailbox", () => {
  test("holds its name, version and messages", () => {
    const messages = { quote: call({ output: z.string() }), repriced: cast() };
    expect(mailbox("pricing", messages, { version: "1.2.0" })).toEqual({
      kind: "mailbox",
      name: "pricing",
      version: "1.2.0",
      messages,
      events: {},
    });
  });

  test("has version 0.0.0 by default", () => {
    expect(mailbox("pricing", { message }).version).toBe("0.0.0");
  });

  test("is frozen, and later changes to the given messages do not affect it", () => {
    const messages = { message };
    const made = mailbox("pricing", messages);
    Object.assign(messages, { later: message });
    expect(Object.isFrozen(made)).toBe(true);
    expect(Object.isFrozen(made.messages)).toBe(true);
    expect(Object.isFrozen(messages)).toBe(false);
    expect(Object.keys(made.messages)).toEqual(["message"]);
  });

  test.each(["a", "Pricing", "order-lines_2", "a".repeat(64)])("may be named %s", (name) => {
    expect(mailbox(name, { message }).name).toBe(name);
    expect(Object.keys(mailbox("m", { [name]: message }).messages)).toEqual([name]);
  });

  test.each(["0.0.0", "1.2.3", "1.2.3-rc.1", "1.2.3+build.5", "10.20.30-a-b+c"])("may have version %s", (version) => {
    expect(mailbox("pricing", { message }, { version }).version).toBe(version);
  });
});

describe("the events of a mailbox", () => {
  const placed = event({ input: z.object({ id: z.string() }) });

  test("are references with the mailbox's name, the event's name and its definition; calls and casts have none", () => {
    const { events, messages } = mailbox("orders", { place: call(), placed, note: cast(), closed: event() });
    expect(events).toEqual({
      placed: { kind: "event-reference", mailbox: "orders", event: "placed", definition: placed },
      closed: { kind: "event-reference", mailbox: "orders", event: "closed", definition: messages.closed },
    });
  });

  test("are frozen, each of them too", () => {
    const { events } = mailbox("orders", { placed });
    expect(Object.isFrozen(events)).toBe(true);
    expect(Object.isFrozen(events.placed)).toBe(true);
  });

  test("may be its only messages", () => {
    expect(Object.keys(mailbox("feed", { placed }).events)).toEqual(["placed"]);
  });

  test("do not clash with names: a message may be named events, publish, on or to", () => {
    const named = mailbox("m", { events: call(), publish: cast(), on: event(), to: event() });
    expect(Object.keys(named.messages)).toEqual(["events", "publish", "on", "to"]);
    expect(Object.keys(named.events)).toEqual(["on", "to"]);
    expect(Object.keys(mailbox("m", { events: event() }).events)).toEqual(["events"]);
  });
});

describe("an invalid mailbox", () => {
  const badNames = ["", "1st", "_a", "-a", "a.b", "a b", "a*", "a>", "é", "a\n", "a".repeat(65), "$SRV"];

  test.each(badNames)("has the name %j", (name) => {
    expect(problemsOf(() => mailbox(name, { message }))).toEqual([expect.stringContaining("the mailbox name")]);
  });

  test.each(badNames)("has a message named %j", (name) => {
    expect(problemsOf(() => mailbox("m", { [name]: message }))).toEqual([expect.stringContaining("the message name")]);
  });

  test.each(reservedNames)("has a message named %s, like a member of every JavaScript object", (name) => {
    const messages = { [name]: message } as Record<string, typeof message>;
    expect(problemsOf(() => mailbox("m", messages as never))).toEqual([
      `the message name "${name}" is a member of every JavaScript object: choose another`,
    ]);
  });

  test("has a message named __proto__", () => {
    const messages = JSON.parse('{ "__proto__": 1 }') as Record<string, unknown>;
    expect(problemsOf(() => mailbox("m", messages as never))).toHaveLength(2);
  });

  test.each(["1", "1.2", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.3-01", "1.2.3-a..b", "latest", "", 1, null])(
    "has version %j",
    (version) => {
      expect(problemsOf(() => mailbox("m", { message }, { version } as never))).toEqual([
        expect.stringMatching(/^version must be a semantic version/),
      ]);
    },
  );

  test.each([[{}], [null], [undefined], [7], [[]]])("has messages that are %j", (messages) => {
    expect(problemsOf(() => mailbox("m", messages as never))).toHaveLength(1);
  });

  test("has messages that are not a call(), cast() or event(): each is listed", () => {
    const wrong = { a: z.string(), b: { kind: "message" }, c: null, d: () => {}, e: "call" };
    expect(problemsOf(() => mailbox("m", wrong as never))).toEqual(
      ["a", "b", "c", "d", "e"].map((name) =>
        expect.stringMatching(`^${name} must be a call\\(\\), cast\\(\\) or event\\(\\)`),
      ),
    );
  });

  test("is one InvalidContract that lists every problem: names, messages and options", () => {
    const problems = problemsOf(() =>
      mailbox("no name", { "no message": 1, constructor: message } as never, { v: 1 } as never),
    );
    expect(problems).toHaveLength(5);
  });
});

test("a contract is plain data: nothing in it refers to a bus", () => {
  const made = mailbox("pricing", { message, closed: event() }, { version: "1.0.0" });
  const closed = { kind: "event", whenUnreachable: "fail" };
  expect(JSON.parse(JSON.stringify(made))).toEqual({
    kind: "mailbox",
    name: "pricing",
    version: "1.0.0",
    messages: { message: { kind: "cast", whenUnreachable: "fail" }, closed },
    events: { closed: { kind: "event-reference", mailbox: "pricing", event: "closed", definition: closed } },
  });
});

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof InvalidContract) return error.problems;
    throw error;
  }
  throw new Error("nothing was thrown");
}
