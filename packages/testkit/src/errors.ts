import { MuoveError } from "@muove/contract";

/** The error codes of the kit. They are stable. */
export type TestkitErrorCode =
  /** The options are invalid. The message lists every problem. */
  | "MUOVE_TESTKIT_INVALID_OPTIONS"
  /** A real server was asked for, and none is installed. */
  | "MUOVE_TESTKIT_NO_NATS_SERVER"
  /** A process ended, or took too long, before it was ready; the message has its output. */
  | "MUOVE_TESTKIT_NOT_READY"
  /** A condition did not hold in time. The message has the last value or error. */
  | "MUOVE_TESTKIT_TIMEOUT"
  /** This kind of NATS, or this operating system, does not support that. */
  | "MUOVE_TESTKIT_UNSUPPORTED"
  /** The process is not running. */
  | "MUOVE_TESTKIT_NOT_RUNNING"
  /** The kit is closed. */
  | "MUOVE_TESTKIT_CLOSED";

/** The one error class of this package. Tell them apart by `code`, which never changes; messages may. */
export class TestkitError extends MuoveError {
  override readonly name = "TestkitError";
  readonly code: TestkitErrorCode;

  constructor(code: TestkitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
