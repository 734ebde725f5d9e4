/**
 * A protocol violation, which ends the connection. `reply` is sent to the client first. Without it nothing is sent, as
 * nats-server does for arguments that it cannot read.
 */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly reply: string | undefined;

  constructor(reply?: string) {
    super(reply ?? "unreadable arguments");
    this.reply = reply;
  }
}

/** The messages of nats-server's fatal `-ERR` lines. */
export const fatal = {
  unknownOperation: "Unknown Protocol Operation",
  authorization: "Authorization Violation",
  authenticationTimeout: "Authentication Timeout",
  maxPayload: "Maximum Payload Violation",
  maxControlLine: "maximum control line exceeded",
  maxConnections: "maximum connections exceeded",
  clientProtocol: "invalid client protocol",
  noRespondersNeedsHeaders: "no responders requires headers support",
  stale: "Stale Connection",
} as const;
