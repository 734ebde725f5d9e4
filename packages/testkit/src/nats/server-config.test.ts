import { expect, it } from "vitest";
import { toServerConfig } from "./server-config.js";

it("writes limits under nats-server's names, times with their unit", () => {
  const config = { maxPayload: 1_000, pingInterval: 250, maxPingsOut: 3, writeDeadline: 2_000 };
  expect(toServerConfig(config).trim().split("\n").sort()).toEqual([
    "max_payload: 1000",
    'ping_interval: "250ms"',
    "ping_max: 3",
    'write_deadline: "2000ms"',
  ]);
});

it("writes nothing where nothing is asked for", () => {
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

it("writes what a user may do, replies too", () => {
  const permissions = {
    publish: { allow: ["a"] },
    subscribe: { deny: ["b"] },
    allowResponses: { max: 2, expires: 50 },
  };
  expect(toServerConfig({ auth: { user: "a", pass: "b", permissions } })).toContain(
    '"permissions":{"publish":{"allow":["a"]},"subscribe":{"deny":["b"]},"allow_responses":{"max":2,"expires":"50ms"}}',
  );
});

it("writes permissions of everybody as those of a user that everybody is, since a server binds nobody else by them", () => {
  const written = toServerConfig({ permissions: { publish: { deny: ["a"] } } });
  expect(written).toContain(
    '"users":[{"user":"anybody","password":"anybody","permissions":{"publish":{"deny":["a"]}}}]',
  );
  expect(written).toContain("no_auth_user: anybody");
});

it("writes permissions beside users as those of users who have none", () => {
  const written = toServerConfig({ auth: { user: "a", pass: "b" }, permissions: { allowResponses: true } });
  expect(written).toContain('"default_permissions":{"allow_responses":true}');
});
