import {
  AuthorizationError,
  ConnectionError,
  ProtocolError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import { CredentialsError, DialTimeoutError, kindOf, overTls, TlsError, UnresolvedError } from "./dial-failure.js";

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe("why a dial failed", () => {
  it.each([
    ["refused", withCode("ECONNREFUSED")],
    ["refused", new ConnectionError("connection refused", { cause: withCode("ECONNREFUSED") })],
    ["other", new ConnectionError("connection refused")],
    ["other", withCode("ENOTFOUND")],
    ["other", "a string"],
    ["other", new ProtocolError("maximum connections exceeded")],
    ["other", new ProtocolError("Secure Connection - TLS Required")],
    ["unresolved", new UnresolvedError("the name does not resolve")],
    ["timeout", new TimeoutError()],
    ["timeout", new DialTimeoutError("does not answer")],
    ["timeout", new AuthorizationError("Authentication Timeout")],
    ["timeout", withCode("ETIMEDOUT")],
    ["credentials", new AuthorizationError("Authorization Violation")],
    ["credentials", new UserAuthenticationExpiredError("User Authentication Expired")],
    ["credentials", new AuthorizationError("Account Authentication Expired")],
    ["credentials", new ProtocolError("User Authentication Revoked")],
    ["credentials", new CredentialsError("threw")],
    ["tls", new TlsError("no file")],
    ["tls", withCode("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED")],
    ["tls", withCode("ERR_TLS_CERT_ALTNAME_INVALID")],
    ["tls", withCode("CERT_HAS_EXPIRED")],
    ["tls", withCode("UNABLE_TO_VERIFY_LEAF_SIGNATURE")],
    ["tls", overTls(Object.assign(withCode("ECONNRESET"), { syscall: "write" }))],
    ["other", overTls(Object.assign(withCode("ECONNRESET"), { syscall: "read" }))],
  ])("%s: %s", (kind, error) => {
    expect(kindOf(error)).toBe(kind);
  });
});
