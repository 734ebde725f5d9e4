import { nkeys } from "@nats-io/nats-core";
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
      dialTimeout: 30_000,
      ignoreDiscoveredServers: false,
      pingInterval: 3_000,
      maxPingsOut: 2,
      readyWhen: "connected",
    });
  });

  test.each(["", " ", ",", [""], ["", " "]])(
    "take the empty servers %j of an unset variable as the default",
    (servers) => {
      expect(settings({ service, servers }).servers).toEqual(["nats://127.0.0.1:4222"]);
    },
  );

  test.each([
    ["nats://a:1,nats://b:2", ["nats://a:1", "nats://b:2"]],
    [" a:1 , b:2 ", ["a:1", "b:2"]],
    ["a:1,", ["a:1"]],
    ["a:1,,b:2\n", ["a:1", "b:2"]],
    [["a:1", ""], ["a:1"]],
    ["nats://a:1,nats://token@b:2", ["nats://a:1", "nats://token@b:2"]],
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

  const nkeySeed = new TextDecoder().decode(nkeys.createUser().getSeed());
  test.each<[object]>([
    [{ token: "t" }],
    [{ user: "u", pass: "p" }],
    [{ user: "u", pass: "" }],
    [{ credsFile: "/later" }],
    [{ nkeySeed }],
    [{ jwt: "a.b.c", nkeySeed }],
    [{ jwt: "a.b.c" }],
    [{ token: "t", nkeySeed }],
    [{ user: "u", pass: "p", credsFile: "/later" }],
    [() => ({ token: "t" })],
    [async () => ({})],
  ])("accept credentials", (credentials) => {
    expect(problemsOf({ service, credentials })).toEqual([]);
  });

  test("take credentials and tls as they are: later changes have no effect", () => {
    const [credentials, tls] = [{ token: "t" }, { caFile: "/ca.pem" }];
    const made = settings({ service, credentials, tls });
    credentials.token = "changed";
    tls.caFile = "changed";
    expect(made).toMatchObject({ credentials: { token: "t" }, tls: { caFile: "/ca.pem" } });
  });

  test.each<[object]>([
    [{}],
    [{ caFile: "/later" }],
    [{ certFile: "/later", keyFile: "/later", passphrase: "p" }],
    [{ serverName: "nats.internal" }],
    [{ serverName: "::1" }],
    [{ insecureSkipVerify: true }],
    [{ handshakeFirst: true }],
    [{ ca: undefined }],
  ])("accept tls: %j", (tls) => {
    expect(problemsOf({ service, tls })).toEqual([]);
  });
});

const accountSeed = new TextDecoder().decode(nkeys.createAccount().getSeed());

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
      dialTimeout: 0,
      ignoreDiscoveredServers: "yes",
      pingInterval: "3s",
      maxPingsOut: 0,
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

  test.each(["nats://", "ws://a:1", "nats://a:1/path", "a:0", "a:99999", "a b", "a:1,b:x", [], ["a", 7], 7, null])(
    "have the servers %j",
    (servers) => {
      expect(problemsOf({ service, servers })).toEqual([expect.stringMatching(/^servers /)]);
    },
  );

  test.each([
    ...[null, "token", {}, { user: "u" }, { pass: "p" }, { token: 1 }, { token: "" }, { user: "u", password: "p" }],
    ...[
      { user: "u", pass: "p", token: "t" },
      { creds: "text", credsFile: "/path" },
      { creds: "text" },
      { jwt: "text" },
    ],
    ...[
      { nkeySeed: "SUtext" },
      { nkeySeed: accountSeed },
      { jwt: "a.b.c", nkeySeed: accountSeed },
      { user: "", pass: "p" },
    ],
  ])("have the credentials %j", (credentials) => {
    expect(problemsOf({ service, credentials })).toEqual([expect.stringMatching(/^credentials must be/)]);
  });

  test.each(["", ".", "a.", ".a", "a..b", "a b", "a.*", "a.>", "$SYS", "a".repeat(257), 7])(
    "have the prefix %j",
    (prefix) => {
      expect(problemsOf({ service, prefix })).toEqual([expect.stringMatching(/^prefix must be/)]);
    },
  );

  test.each<[unknown, string]>([
    [null, "must be an object"],
    [true, "must be an object"],
    [{ rejectUnauthorized: false }, '"rejectUnauthorized" is not an option'],
    [{ ca: "text" }, "the authorities \\(ca\\) are not usable"],
    [{ ca: "" }, "ca must be"],
    [{ caFile: "" }, "caFile must be"],
    [{ ca: "text", caFile: "/path" }, "ca and caFile cannot be used together"],
    [{ certFile: "/path" }, "a certificate needs its key"],
    [{ keyFile: "/path" }, "a key needs its certificate"],
    [{ cert: "text", key: "text" }, "the certificate and its key \\(cert, key\\) are not usable"],
    [{ passphrase: "text" }, "passphrase needs a key"],
    [{ serverName: "tls://host" }, "serverName must be"],
    [{ handshakeFirst: "yes" }, "handshakeFirst must be"],
    [{ insecureSkipVerify: 1 }, "insecureSkipVerify must be"],
  ])("have tls %j", (tls, problem) => {
    expect(problemsOf({ service, tls })).toEqual([expect.stringMatching(new RegExp(`^tls is wrong: .*${problem}`))]);
  });

  test("list all that is wrong with tls", () => {
    const [problem] = problemsOf({
      service,
      tls: { ca: 7, handshakeFirst: "yes", caFile: "/path", certFile: "/path" },
    });
    expect(problem).toMatch(/ca must be.*handshakeFirst must be/);
    expect(problemsOf({ service, tls: { ca: "a", caFile: "/path", certFile: "/path" } })[0]).toMatch(
      /ca and caFile.*a certificate needs its key.*not usable/,
    );
  });

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
    "nats://user:sec/secret@host:x",
    "nats://user:a@secret@host:1/path",
    "user:secret@host:99999",
    "secret@host:99999",
    "nats://user:4,secret@host:1",
    "nats://user:secret%40host:1",
    "nats://host:1,nats://user:secret@host:0",
  ])("%s", (servers) => {
    const [problem = ""] = problemsOf({ service, servers });
    expect(problem).toMatch(/^servers must be a URL such as /);
    expect(problem).not.toContain("secret");
  });

  test("but it says which server it is about, and what is wrong", () => {
    const servers = "nats://a:1,nats://user:secret@host:0";
    expect(problemsOf({ service, servers })[0]).toContain(
      "in number 2 of 2, the port must be a number from 1 to 65535",
    );
  });

  test.each<[object]>([
    [{ user: "u", password: "secret" }],
    [{ token: ["secret"] }],
    [{ nkeySeed: "secret" }],
    [{ creds: "secret" }],
    [{ jwt: "secret", nkeySeed: "secret" }],
    [{ pass: "secret" }],
  ])("wrong credentials", (credentials) => {
    const [problem = ""] = problemsOf({ service, credentials });
    expect(problem).toContain("credentials must be");
    expect(problem).not.toContain("secret");
  });

  test.each<[object]>([
    [{ passphrase: ["secret"] }],
    [{ key: { secret: 1 }, cert: "text" }],
    [{ passphrase: "secret" }],
    [{ cert: "text", key: "secret" }],
    [{ cert: "text", key: "secret", passphrase: "secret" }],
  ])("wrong tls", (tls) => {
    const [problem = ""] = problemsOf({ service, tls });
    expect(problem).toContain("tls is wrong");
    expect(problem).not.toContain("secret");
  });
});
