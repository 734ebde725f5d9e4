import { describe, expect, it } from "vitest";
import { BrokerError } from "../errors.js";
import type { BrokerOptions } from "./broker-options.js";
import { normalise } from "./normalise.js";

function problems(options: unknown): string[] {
  try {
    normalise(options as BrokerOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(BrokerError);
    expect(error).toMatchObject({ code: "MUOVE_BROKER_INVALID_OPTIONS" });
    return (error as Error).message.split("\n- ").slice(1);
  }
  return [];
}

describe("options", () => {
  it("have nats-server's defaults", () => {
    expect(normalise({})).toMatchObject({
      port: 4222,
      host: "127.0.0.1",
      maxPayload: 1_048_576,
      maxControlLine: 4_096,
      maxPending: 67_108_864,
      pingInterval: 120_000,
      maxPingsOut: 2,
      writeDeadline: 10_000,
      authTimeout: 2_000,
      lameDuckDuration: 120_000,
      lameDuckGracePeriod: 10_000,
      auth: { kind: "none" },
    });
  });

  it("run JetStream only if they say so, with a bound on its memory", () => {
    expect(normalise({}).jetStream).toBeUndefined();
    expect(normalise({ jetStream: false }).jetStream).toBeUndefined();
    expect(normalise({ jetStream: true }).jetStream).toEqual({ maxBytes: 268_435_456 });
    expect(normalise({ jetStream: { maxBytes: 2_000_000 } }).jetStream).toEqual({ maxBytes: 2_000_000 });
  });

  it("are reported with all their problems at once", () => {
    expect(
      problems({ port: 70_000, hots: "x", maxPayload: "1", auth: {}, permissions: { publish: { allow: ["a..b"] } } }),
    ).toHaveLength(5);
  });

  it.each([
    [{ port: -1 }, "port must be a whole number from 0 to 65535, not -1"],
    [{ port: 1.5 }, "port must be a whole number"],
    [{ pingInterval: 0 }, "pingInterval must be a whole number from 1"],
    [{ host: "" }, "host must be a non-empty string"],
    [{ prot: 1 }, "has no prot; it may have port"],
    [{ auth: { token: "" } }, "auth.token must be a non-empty string"],
    [{ auth: { user: "a" } }, "auth.pass must be a non-empty string"],
    [{ auth: { user: "a", pass: "b", token: "c" } }, "auth must have either"],
    [{ auth: { users: [] } }, "auth.users must be an array of at least one user"],
    [
      {
        auth: {
          users: [
            { user: "a", pass: "b" },
            { user: "a", pass: "c" },
          ],
        },
      },
      "auth.users has a twice",
    ],
    [
      { auth: { users: [{ user: "a", pass: "b", permissions: { subscribe: { deny: ["a b c"] } } }] } },
      "auth.users[0].permissions.subscribe.deny[0]",
    ],
    [{ permissions: { publish: { allow: ["a q"] } } }, "permissions.publish.allow[0] must be a subject"],
    [{ jetStream: 1 }, "jetStream must be an object, not 1"],
    [{ jetStream: { maxBytes: 5 } }, "jetStream.maxBytes must be a whole number from 1048576"],
    [{ jetStream: { folder: 5 } }, "jetStream.folder must be a non-empty string"],
    [{ permissions: { publish: { allow: [] } } }, "permissions.publish.allow must not be empty"],
    [{ permissions: { allowResponses: { max: "1" } } }, "permissions.allowResponses.max"],
    [{ permissions: { allowResponses: { count: 1 } } }, "has no count"],
    ["4222", "the options must be an object"],
  ])("%j: %s", (options, problem) => {
    const [first, ...more] = problems(options);
    expect(first).toContain(problem);
    expect(more).toEqual([]);
  });

  it("never repeat a secret in an error", () => {
    expect(problems({ auth: { user: "a", pass: ["hunter2"] } }).join()).not.toContain("hunter2");
  });

  it("are copied and frozen, so that later changes by the caller have no effect", () => {
    const allow = ["a"];
    const options = { permissions: { publish: { allow } } };
    const settings = normalise(options);
    allow.push("b");
    expect(settings.permissions?.publish?.allow).toEqual(["a"]);
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.permissions)).toBe(true);
    expect(options).toEqual({ permissions: { publish: { allow: ["a", "b"] } } });
  });
});
