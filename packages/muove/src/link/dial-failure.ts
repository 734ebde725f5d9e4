import { AuthorizationError, TimeoutError, UserAuthenticationExpiredError } from "@nats-io/transport-node";

/**
 * `refused`: nothing listens there. `credentials`: the server rejected them, or the function that provides them threw.
 * `timeout`: no answer in time. `other`: a name that does not resolve, TLS, a server that hangs up.
 */
export type DialFailure = "refused" | "credentials" | "timeout" | "other";

/** The function that provides the credentials threw. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

export function kindOf(error: unknown): DialFailure {
  if (isAboutCredentials(error) || error instanceof CredentialsError) return "credentials";
  if (error instanceof TimeoutError) return "timeout";
  const code = codeOf(error);
  if (code === "ECONNREFUSED") return "refused";
  return code === "ETIMEDOUT" ? "timeout" : "other";
}

/** Whether the server refused or closed a connection because of its credentials. */
export function isAboutCredentials(error: unknown): error is Error {
  return error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError;
}

// The client wraps the socket's error, and uses the message "connection refused" for other failed handshakes too. Only
// the socket's error code distinguishes them.
function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return "code" in error ? error.code : codeOf(error.cause);
}
