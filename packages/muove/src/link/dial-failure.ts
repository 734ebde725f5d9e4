import {
  AuthorizationError,
  ProtocolError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from "@nats-io/transport-node";

/**
 * `refused`: nothing listens there. `unresolved`: its name does not resolve, or not in time. `credentials`: the server
 * rejected them, or the function that provides them threw. `timeout`: it has not let this bus in so far. `other`: a
 * server that hangs up or cannot be used, a limit of it, TLS.
 */
export type DialFailure = "refused" | "unresolved" | "credentials" | "timeout" | "other";

/** The function that provides the credentials threw. */
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

export function kindOf(error: unknown): DialFailure {
  if (error instanceof DialTimeoutError || error instanceof TimeoutError) return "timeout";
  if (error instanceof UnresolvedError) return "unresolved";
  // The server waited in vain for CONNECT: the path is slow, and the credentials did not come that far.
  if (error instanceof AuthorizationError && /authentication timeout/i.test(error.message)) return "timeout";
  if (isAboutCredentials(error) || error instanceof CredentialsError) return "credentials";
  const code = codeOf(error);
  if (code === "ECONNREFUSED") return "refused";
  return code === "ETIMEDOUT" ? "timeout" : "other";
}

/** Whether the server refused or closed a connection because of its credentials. */
export function isAboutCredentials(error: unknown): error is Error {
  if (error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError) return true;
  // The client has no class for the others, such as "User Authentication Revoked".
  return error instanceof ProtocolError && /\b(authentication|authorization|credentials)\b/i.test(error.message);
}

// The client wraps the socket's error, and uses the message "connection refused" for other failed handshakes too. Only
// the socket's error code distinguishes them.
function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return "code" in error ? error.code : codeOf(error.cause);
}
