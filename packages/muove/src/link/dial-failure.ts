import { AuthorizationError, TimeoutError, UserAuthenticationExpiredError } from "@nats-io/transport-node";

/**
 * `refused`: nothing listens there. `credentials`: the server rejected them, or they could not be had. `tls`: one side
 * does not trust the other's certificate, or ours cannot be read. `timeout`: no answer in time. `other`: a name that does
 * not resolve, a server that hangs up.
 */
export type DialFailure = "refused" | "credentials" | "tls" | "timeout" | "other";

/** The credentials could not be had, or are none. Quotes no value of them. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
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
  if (!cut) return error;
  return new TlsError("the server hung up after the TLS handshake; it may refuse our certificate", { cause: error });
}

export function kindOf(error: unknown): DialFailure {
  if (isAboutCredentials(error) || error instanceof CredentialsError) return "credentials";
  if (error instanceof TlsError) return "tls";
  if (error instanceof TimeoutError) return "timeout";
  const code = codeOf(error);
  if (typeof code === "string" && tlsCodes.test(code)) return "tls";
  if (code === "ECONNREFUSED") return "refused";
  return code === "ETIMEDOUT" ? "timeout" : "other";
}

/** Whether the server refused or closed a connection because of its credentials. */
export function isAboutCredentials(error: unknown): error is Error {
  if (error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError) return true;
  return error instanceof Error && revoked.test(error.message); // The client has no class for it.
}

const revoked = /^'?(?:user|account) authentication revoked/i;

/** Of Node.js and OpenSSL: an alert of the server, and what is wrong with its certificate. */
const tlsCodes =
  /^(?:EPROTO$|ERR_(?:SSL|TLS|OSSL)_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_(?:CA|PURPOSE)$)/;

// The client wraps the socket's error, and uses the message "connection refused" for other failed handshakes too. Only
// the socket's error code distinguishes them.
function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return "code" in error ? error.code : codeOf(error.cause);
}
