import { AuthorizationError, TimeoutError, UserAuthenticationExpiredError } from "@nats-io/transport-node";

/**
 * `refused`: nobody listens there. `credentials`: the server did not accept them, or they could not be had.
 * `timeout`: no answer in time. `other`: a name that does not resolve, TLS, a server that hangs up.
 */
export type DialFailure = "refused" | "credentials" | "timeout" | "other";

/** The credentials could not even be had. */
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

/** Whether the server ended, or refused, a connection for its credentials. */
export function isAboutCredentials(error: unknown): error is Error {
  return error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError;
}

// The client wraps a refusal, and an error of its own message "connection refused" also stands for other ends of a
// handshake; only the code of the socket tells them apart.
function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return "code" in error ? error.code : codeOf(error.cause);
}
