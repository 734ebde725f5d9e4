import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkMailbox } from "./check.js";
import { call, cast, event, InvalidContract, type Mailbox, mailbox } from "./index.js";

const letter = { kind: "cast", whenUnreachable: "fail", durable: { tries: 3 } };
const handwritten = { kind: "mailbox", name: "post", version: "1.0.0", messages: { send: letter }, events: {} };

const problemsOf = (value: object): readonly string[] => {
  const checked = checkMailbox(value as Mailbox);
  return "problems" in checked ? checked.problems : [];
};

describe("a durable cast", () => {
  test("is tried 8 times unless it says otherwise, and is frozen", () => {
    expect(cast({ durable: true }).durable).toEqual({ tries: 8 });
    expect(cast({ durable: {} }).durable).toEqual({ tries: 8 });
    expect(cast({ durable: { tries: 1 } }).durable).toEqual({ tries: 1 });
    expect(Object.isFrozen(cast({ durable: { tries: 1 } }).durable)).toBe(true);
    expect(cast({ durable: false }).durable).toBeUndefined();
    expect(cast().durable).toBeUndefined();
  });

  test("keeps its tries when the given object changes", () => {
    const durable = { tries: 2 };
    const definition = cast({ durable });
    durable.tries = 9;
    expect(definition.durable).toEqual({ tries: 2 });
  });

  test.each([
    ["yes", /durable must be true, false or { tries }, not "yes"/],
    [null, /durable must be true, false or { tries }, not null/],
    [{ tries: 0 }, /durable is wrong: tries must be a whole number from 1 to 1000, not 0/],
    [{ tries: 1.5 }, /not 1.5/],
    [{ tries: 1_001 }, /not 1001/],
    [{ tries: "5" }, /not "5"/],
    [{ trys: 5 }, /"trys" is not an option: the options are tries/],
  ])("refuses durable: %j", (durable, problem) => {
    expect(() => cast({ durable } as never)).toThrow(InvalidContract);
    expect(() => cast({ durable } as never)).toThrow(problem);
  });

  test("does not go with whenUnreachable, and no other message is durable", () => {
    expect(() => cast({ durable: true, whenUnreachable: "drop" })).toThrow(/durable does not go with whenUnreachable/);
    expect(() => cast({ durable: false, whenUnreachable: "drop" })).not.toThrow();
    expect(() => call({ durable: true } as never)).toThrow(/"durable" is not an option/);
    expect(() => event({ durable: true } as never)).toThrow(/"durable" is not an option/);
  });

  test("lists all of its problems in one error", () => {
    const make = () => cast({ input: String, durable: { tries: 0, x: 1 }, handlerTimeout: -1 } as never);
    expect(make).toThrow(
      /input \(the input\).*durable is wrong: tries must.*; "x" is not an option.*handlerTimeout must/s,
    );
  });
});

describe("the mail of a mailbox", () => {
  const messages = { send: cast({ input: z.string(), durable: true }), quote: call() };

  test("has defaults, is frozen, and is there only where a message is durable", () => {
    const { mail } = mailbox("post", messages);
    expect(mail).toEqual({
      maxBytes: 67_108_864,
      replicas: 1,
      storage: "file",
      duplicateWindow: 120_000,
      domain: undefined,
    });
    expect(Object.isFrozen(mail)).toBe(true);
    expect(mailbox("pricing", { quote: call(), told: cast({ durable: false }) }).mail).toBeUndefined();
  });

  test("is what the contract says", () => {
    const mail = { maxBytes: 1_048_576, replicas: 3, storage: "memory", duplicateWindow: 100, domain: "hub" } as const;
    expect(mailbox("post", messages, { mail }).mail).toEqual(mail);
  });

  test.each([
    [{ maxBytes: 1_000 }, /maxBytes must be a whole number of bytes of at least 1048576, not 1000/],
    [{ maxBytes: Number.POSITIVE_INFINITY }, /maxBytes must be/],
    [{ replicas: 2 }, /replicas must be 1, 3 or 5, not 2/],
    [{ storage: "disk" }, /storage must be "file" or "memory", not "disk"/],
    [{ duplicateWindow: 99 }, /duplicateWindow must be a whole number of milliseconds from 100/],
    [{ domain: "a.b" }, /domain must be 1 to 64 letters, digits, - and _, not "a.b"/],
    [{ domain: "a\r\nPUB x" }, /domain must be/],
    [{ maxbytes: 5 }, /"maxbytes" is not an option/],
    ["file", /its mail|mail/],
    [null, /mail/],
  ])("refuses %j", (mail, problem) => {
    expect(() => mailbox("post", messages, { mail } as never)).toThrow(InvalidContract);
    expect(() => mailbox("post", messages, { mail } as never)).toThrow(problem);
  });

  test("lists all of its problems in one error, with those of the mailbox", () => {
    const make = () => mailbox("a b", messages, { version: "x", mail: { replicas: 2, maxBytes: 0 } } as never);
    expect(make).toThrow(/the mailbox name.*version must.*mail is wrong: replicas must.*; maxBytes must/s);
  });

  test("is refused where no message is durable, with what to do", () => {
    expect(() => mailbox("pricing", { quote: call() }, { mail: {} })).toThrow(
      /mail is for mailboxes with a durable cast: this one has none, so say cast\({ durable: true }\), or leave it out/,
    );
  });
});

describe("a handwritten contract", () => {
  test("with a durable cast gets the defaults of its mail", () => {
    const checked = checkMailbox(handwritten as never) as { contract: Mailbox };
    expect(checked.contract.mail).toMatchObject({ maxBytes: 67_108_864, replicas: 1 });
    expect(checkMailbox(checked.contract)).toEqual(checked);
  });

  test("with mail keeps it, as it was when it was first checked", () => {
    const own = { ...handwritten, mail: { maxBytes: 2_097_152, replicas: 3 }, messages: { send: { ...letter } } };
    const checked = checkMailbox(own as never) as { contract: Mailbox };
    Object.assign(own.mail, { maxBytes: 1 });
    Object.assign(own.messages.send, { durable: { tries: 0 } });
    expect(checkMailbox(own as never)).toEqual(checked);
    expect(checked.contract.mail).toMatchObject({ maxBytes: 2_097_152, replicas: 3, storage: "file" });
    expect(checked.contract.messages.send).toMatchObject({ durable: { tries: 3 } });
  });

  test("of an older version, whose casts do not know durable, has no mail", () => {
    const old = { ...handwritten, messages: { send: { kind: "cast", whenUnreachable: "fail" } } };
    expect((checkMailbox(old as never) as { contract: Mailbox }).contract.mail).toBeUndefined();
  });

  test.each([
    ["tries", { messages: { send: { ...letter, durable: { tries: 0 } } } }, "tries must be a whole number"],
    ["no tries", { messages: { send: { ...letter, durable: {} } } }, "durable must have its tries"],
    ["durable: true", { messages: { send: { ...letter, durable: true } } }, "durable must be { tries }, not true"],
    ["durable: a text", { messages: { send: { ...letter, durable: "yes" } } }, "durable must be"],
    ["a domain", { mail: { domain: "a\r\nb" } }, "its mail is wrong: domain must be"],
    ["replicas", { mail: { replicas: "3" } }, "its mail is wrong: replicas must be"],
    ["mail that is null", { mail: null }, "its mail is wrong: the options must be an object, not null"],
    ["mail that is a text", { mail: "file" }, "its mail is wrong: the options must be an object"],
  ])("is refused for %s, with the reason", (_, changes, problem) => {
    expect(problemsOf({ ...handwritten, ...changes })).toEqual([expect.stringContaining(problem)]);
  });
});
