import {
  AuthorizationError,
  ConnectionError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import { CredentialsError, kindOf } from "./dial-failure.js";

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe("why a dial failed", () => {
  it.each([
    ["refused", withCode("ECONNREFUSED")],
    ["refused", new ConnectionError("connection refused", { cause: withCode("ECONNREFUSED") })],
    ["other", new ConnectionError("connection refused")],
    ["other", withCode("ENOTFOUND")],
    ["other", "a string"],
    ["timeout", new TimeoutError()],
    ["timeout", withCode("ETIMEDOUT")],
    ["credentials", new AuthorizationError("Authorization Violation")],
    ["credentials", new UserAuthenticationExpiredError("User Authentication Expired")],
    ["credentials", new CredentialsError("threw")],
  ])("%s: %s", (kind, error) => {
    expect(kindOf(error)).toBe(kind);
  });
});
