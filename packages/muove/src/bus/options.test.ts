import { describe, expect, test } from "vitest";
import { connect, InvalidOptions } from "../index.js";
import { settings } from "./options.js";

const service = "pricing";

/** The problems of these options. Uses settings(), since connect() would dial. */
function problemsOf(options: unknown): readonly string[] {
  try {
    settings(options as never);
  } catch (error) {
    if (error instanceof InvalidOptions) return error.problems;
    throw error;
  }
  return [];
}

describe("the options of connect()", () => {
  test("require only a service", () => {
    expect(settings({ service })).toMatchObject({
      service,
      servers: ["nats://127.0.0.1:4222"],
      prefix: undefined,
      encoding: "msgpack",
      fallbackTimeout: 500,
      pingInterval: 3_000,
      readyWhen: "connected",
    });
  });

  test.each([
    ["nats://a:1,nats://b:2", ["nats://a:1", "nats://b:2"]],
    [" a:1 , b:2 ", ["a:1", "b:2"]],
    [
      ["a", "tls://b:2"],
      ["a", "tls://b:2"],
    ],
    ["nats://user:pass@a:1", ["nats://user:pass@a:1"]],
    ["nats://[::1]:4222", ["nats://[::1]:4222"]],
  ])("accept the servers %j", (servers, list) => {
    expect(settings({ service, servers }).servers).toEqual(list);
  });

  test("are copied and frozen: changes to the caller's list of servers have no effect", () => {
    const servers = ["a:1"];
    const made = settings({ service, servers });
    servers.push("b:2");
    expect(made.servers).toEqual(["a:1"]);
    expect(Object.isFrozen(made)).toBe(true);
  });

  test.each([{ token: "t" }, { user: "u", pass: "p" }, () => ({ token: "t" })])("accept credentials", (credentials) => {
    expect(problemsOf({ service, credentials })).toEqual([]);
  });
});

describe("invalid options", () => {
  test("make connect() throw one InvalidOptions that lists every problem", () => {
    const wrong = {
      service: "my service",
      servers: ["http://a:1"],
      credentials: { user: "u" },
      prefix: "a.",
      encoding: "xml",
      logger: {},
      fallbackTimeout: 0,
      pingInterval: "3s",
      readyWhen: "always",
      retries: 3,
    };
    expect(() => connect(wrong as never)).toThrow(InvalidOptions);
    expect(problemsOf(wrong)).toEqual(
      Object.keys(wrong).map((name) => expect.stringMatching(name === "retries" ? /^"retries" is not/ : `^${name} `)),
    );
  });

  test.each([[undefined], [null], [7], ["pricing"], [[]]])("that are not an object are refused: %j", (options) => {
    expect(problemsOf(options)).toContainEqual(expect.stringContaining("the options must be an object"));
  });

  test.each([{}, { service: undefined }])("without a service report it as missing", (options) => {
    expect(problemsOf(options)).toEqual([expect.stringContaining("service is missing")]);
  });

  test.each(["", "nats://", "http://a:1", "nats://a:1/path", "nats://a:99999", "a b", "a:1,,b:2", [], [7], 7, null])(
    "have the servers %j",
    (servers) => {
      expect(problemsOf({ service, servers })).toEqual([expect.stringMatching(/^servers /)]);
    },
  );

  test.each([null, "token", {}, { user: "u" }, { pass: "p" }, { token: 1 }, { user: "u", password: "p" }])(
    "have the credentials %j",
    (credentials) => {
      expect(problemsOf({ service, credentials })).toEqual([expect.stringMatching(/^credentials must be/)]);
    },
  );

  test.each(["", ".", "a.", ".a", "a..b", "a b", "a.*", "a.>", "$SYS", "a".repeat(257), 7])(
    "have the prefix %j",
    (prefix) => {
      expect(problemsOf({ service, prefix })).toEqual([expect.stringMatching(/^prefix must be/)]);
    },
  );

  const log = () => {};
  test.each([null, true, { info: log, warn: log, error: log }, { child: log, info: log, warn: log, error: log }])(
    "have a logger without a method that Muove uses",
    (logger) => {
      expect(problemsOf({ service, logger })).toEqual([expect.stringMatching(/^logger must be/)]);
    },
  );
});

describe("an error does not show the secret of", () => {
  test.each([
    "http://user:secret@host:1",
    "nats://user:secret@host:99999",
    "nats://secret@host:1/path",
    "nats://user:secret@host:1/path",
    "nats://user:sec/secret@host:1",
    "nats://user:a@secret@host:1/path",
    "user:secret@host:99999",
    "secret@host:99999",
  ])("%s", (servers) => {
    const [problem = ""] = problemsOf({ service, servers });
    expect(problem).toContain("servers contains");
    expect(problem).not.toContain("secret");
  });

  test("wrong credentials", () => {
    expect(problemsOf({ service, credentials: { user: "u", password: "secret" } }).join()).not.toContain("secret");
  });
});
