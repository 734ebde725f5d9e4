import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkEvent, checkMailbox } from "./check.js";
import { call, cast, event, type Mailbox, mailbox } from "./index.js";

const injected = "a b\r\nPUB x 0\r\n";
const quote = { kind: "call", errors: {}, timeout: 100, idempotent: false };
const made = { kind: "mailbox", name: "pricing", version: "1.0.0", messages: { quote }, events: {} };

const problemsOf = (value: object): readonly string[] => {
  const checked = checkMailbox(value as Mailbox);
  return "problems" in checked ? checked.problems : [];
};

describe("a contract that mailbox() made", () => {
  test("is used as it is, with any schema library", () => {
    const schema = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } } as const;
    const pricing = mailbox("pricing", {
      quote: call({ input: schema, errors: { NO: z.undefined() } }),
      told: event(),
    });
    expect(checkMailbox(pricing)).toEqual({ contract: pricing });
    expect((checkMailbox(pricing) as { contract: Mailbox }).contract).toBe(pricing);
    expect((checkEvent(pricing.events.told) as { contract: object }).contract).toBe(pricing.events.told);
  });
});

describe("a handwritten contract", () => {
  test("is valid when mailbox() would have accepted it", () => {
    expect(checkMailbox(made as never)).toEqual({ contract: { ...made, events: {} } });
  });

  test("is used as it was when first checked, even if it changes later", () => {
    const own = { ...made, messages: { quote: { ...quote, errors: {} }, told: { ...cast() } } };
    const checked = checkMailbox(own as never) as { contract: Mailbox };
    Object.assign(own, { name: injected });
    Object.assign(own.messages, { [injected]: quote });
    Object.assign(own.messages.quote, { timeout: "ever" });
    Object.assign(own.messages.quote.errors, { "no code": 1 });
    expect(checkMailbox(own as never)).toEqual(checked);
    expect(checked.contract).toMatchObject({ name: "pricing", messages: { quote: { timeout: 100, errors: {} } } });
    expect(Object.keys(checked.contract.messages)).toEqual(["quote", "told"]);
  });

  test.each([
    ["its name", { name: injected }, "the mailbox name"],
    ["its version", { version: "latest" }, "its version must be a semantic version"],
    ["no version", { version: undefined }, "its version must be a semantic version"],
    ["no messages", { messages: null }, "its messages must be"],
    ["a message's name", { messages: { [injected]: quote } }, "the message name"],
    ["a message's kind", { messages: { quote: { ...quote, kind: "question" } } }, "must be a call()"],
    ["a timeout", { messages: { quote: { ...quote, timeout: "1\r\nX: y" } } }, "timeout must be a whole number"],
    ["no timeout", { messages: { quote: { ...quote, timeout: undefined } } }, "timeout must be a whole number"],
    ["a handler's timeout", { messages: { quote: { ...quote, handlerTimeout: 0 } } }, "handlerTimeout must be a whole"],
    ["an error code", { messages: { quote: { ...quote, errors: { "a\r\nb": z.string() } } } }, "the error code"],
    ["no errors", { messages: { quote: { ...quote, errors: undefined } } }, "errors must be an object"],
    ["idempotence", { messages: { quote: { ...quote, idempotent: "yes" } } }, "idempotent must be true or false"],
    ["a schema", { messages: { quote: { ...quote, input: {} } } }, "(the input) must be a Standard Schema"],
    ["an event's policy", { messages: { told: { kind: "event", whenUnreachable: { bufferFor: -1 } } } }, "bufferFor"],
    ["a cast's policy", { messages: { told: { kind: "cast" } } }, 'whenUnreachable must be "fail"'],
  ])("is refused for %s, with the reason", (_, changes, problem) => {
    expect(problemsOf({ ...made, ...changes })).toEqual([expect.stringContaining(problem)]);
  });

  test("reports all of its problems at once", () => {
    expect(problemsOf({ kind: "mailbox", name: 1, messages: { "a b": {} } })).toHaveLength(4);
  });
});

test.each([
  [{ mailbox: injected }, "the mailbox name"],
  [{ event: injected }, "the message name"],
  [{ event: undefined }, "the message name"],
  [{ definition: call() }, "is not an event()"],
  [{ definition: undefined }, "must be a call()"],
  [{ definition: { kind: "event", whenUnreachable: "later" } }, "whenUnreachable"],
])("a handwritten reference to an event is refused: %j", (changes, problem) => {
  const reference = { kind: "event-reference", mailbox: "pricing", event: "told", definition: event() };
  expect(checkEvent(reference as never)).toEqual({ contract: reference });
  const checked = checkEvent({ ...reference, ...changes } as never);
  expect("problems" in checked && checked.problems).toEqual([expect.stringContaining(problem)]);
});

test("mailbox() refuses definitions that call(), cast() and event() would have refused", () => {
  expect(() => mailbox("pricing", { quote: { ...call(), timeout: "ever" } } as never)).toThrow(/timeout must be/);
});
