import { expect, it } from "vitest";
import { toServerConfig } from "./server-config.js";

it("writes limits with nats-server's names, and times with units", () => {
  const config = { maxPayload: 1_000, pingInterval: 250, maxPingsOut: 3, writeDeadline: 2_000 };
  expect(toServerConfig(config).trim().split("\n").sort()).toEqual([
    "max_payload: 1000",
    'ping_interval: "250ms"',
    "ping_max: 3",
    'write_deadline: "2000ms"',
  ]);
});

it("writes nothing without options", () => {
  expect(toServerConfig({}).trim()).toBe("");
});

it("writes a token, one user and several", () => {
  expect(toServerConfig({ auth: { token: "t" }, authTimeout: 500 })).toBe(
    'authorization: {"timeout":0.5,"token":"t"}\n',
  );
  const one = { user: "a", pass: "b" };
  const written = 'authorization: {"users":[{"user":"a","password":"b"}]}\n';
  expect(toServerConfig({ auth: one })).toBe(written);
  expect(toServerConfig({ auth: { users: [one] } })).toBe(written);
});

it("writes the permissions of a user, replies included", () => {
  const permissions = {
    publish: { allow: ["a"] },
    subscribe: { deny: ["b"] },
    allowResponses: { max: 2, expires: 50 },
  };
  expect(toServerConfig({ auth: { user: "a", pass: "b", permissions } })).toContain(
    '"permissions":{"publish":{"allow":["a"]},"subscribe":{"deny":["b"]},"allow_responses":{"max":2,"expires":"50ms"}}',
  );
});

it("writes general permissions as those of a default user, because a server applies them only to users", () => {
  const written = toServerConfig({ permissions: { publish: { deny: ["a"] } } });
  expect(written).toContain(
    '"users":[{"user":"anybody","password":"anybody","permissions":{"publish":{"deny":["a"]}}}]',
  );
  expect(written).toContain("no_auth_user: anybody");
});

it("writes general permissions for users without their own", () => {
  const written = toServerConfig({ auth: { user: "a", pass: "b" }, permissions: { allowResponses: true } });
  expect(written).toContain('"default_permissions":{"allow_responses":true}');
});
