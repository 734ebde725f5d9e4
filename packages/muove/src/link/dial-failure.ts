import {
  AuthorizationError,
  ProtocolError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from "@nats-io/transport-node";

/**
 * `refused`: nothing listens there. `unresolved`: its name does not resolve, or not in time. `credentials`: the server
 * rejected them, or they could not be had. `tls`: one side does not trust the other's certificate, or ours cannot be
 * read. `timeout`: it has not let this bus in so far. `other`: a server that hangs up or cannot be used, a limit of it.
 */
export type DialFailure = "refused" | "unresolved" | "credentials" | "tls" | "timeout" | "other";

/** The credentials could not be had, or are none. Quotes no value of them. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

/** A dial takes too long. */
export class DialTimeoutError extends Error {
  override readonly name = "DialTimeoutError";
}

/** The name of a server does not resolve, or not in time. */
export class UnresolvedError extends Error {
  override readonly name = "UnresolvedError";
}

/** The certificates or the key of this side could not be read, are not usable, or were refused. */
export class TlsError extends Error {
  override readonly name = "TlsError";
}

/**
 * What failed a dial with TLS 1.3. A server looks at our certificate only after our side of the handshake, and what we
 * write meanwhile can hide its refusal.
 */
export function overTls(error: unknown): unknown {
  const cut = error instanceof Error && "syscall" in error && error.syscall === "write";
  return cut ? hungUpOverTls(error) : error;
}

/** A server hung up after the handshake, and said nothing that was read, or nothing but why TLS failed. */
export function hungUpOverTls(cause: unknown): unknown {
  if (kindOf(cause) === "tls") return cause;
  return new TlsError("the server hung up after the TLS handshake; it may refuse our certificate", { cause });
}

export function kindOf(error: unknown): DialFailure {
  if (error instanceof DialTimeoutError || error instanceof TimeoutError) return "timeout";
  if (error instanceof UnresolvedError) return "unresolved";
  // The server waited in vain for CONNECT: the path is slow, and the credentials did not come that far.
  if (error instanceof AuthorizationError && /authentication timeout/i.test(error.message)) return "timeout";
  if (isAboutCredentials(error) || error instanceof CredentialsError) return "credentials";
  if (error instanceof TlsError) return "tls";
  const code = codeOf(error);
  if (typeof code === "string" && tlsCodes.test(code)) return "tls";
  if (code === "ECONNREFUSED") return "refused";
  return code === "ETIMEDOUT" ? "timeout" : "other";
}

/** Whether the server refused or closed a connection because of its credentials. */
export function isAboutCredentials(error: unknown): error is Error {
  if (error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError) return true;
  // The client has no class for the others, such as "User Authentication Revoked".
  return error instanceof ProtocolError && /\b(authentication|authorization|credentials)\b/i.test(error.message);
}

/** Of Node.js and OpenSSL: an alert of the server, and what is wrong with its certificate. */
const tlsCodes =
  /^(?:EPROTO$|ERR_(?:SSL|TLS|OSSL)_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_(?:CA|PURPOSE)$)/;

// The client wraps the socket's error, and uses the message "connection refused" for other failed handshakes too. Only
// the socket's error code distinguishes them.
function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return "code" in error ? error.code : codeOf(error.cause);
}
