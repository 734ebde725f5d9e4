const codes = [
  /** The options are wrong; the message lists every problem and what to do about it. */
  "MUOVE_BROKER_INVALID_OPTIONS",
  /** Another program already listens on the port. */
  "MUOVE_BROKER_PORT_IN_USE",
  /** The operating system refused to listen there for another reason; see `cause`. */
  "MUOVE_BROKER_CANNOT_LISTEN",
  /** The folder of JetStream cannot be read or written; see `cause`. */
  "MUOVE_BROKER_CANNOT_STORE",
] as const;

/** What can go wrong with the broker itself; each code is stable. */
export type BrokerErrorCode = (typeof codes)[number];

/** The one error class of this package. Tell them apart by `code`, which never changes; messages may. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly code: BrokerErrorCode;

  constructor(code: BrokerErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Whether something thrown is a `BrokerError`, even one of another copy of this package. */
export function isBrokerError(thrown: unknown): thrown is BrokerError {
  if (!(thrown instanceof Error) || thrown.name !== "BrokerError" || !("code" in thrown)) return false;
  return codes.includes(thrown.code as BrokerErrorCode);
}
