import { MuoveError } from "@muove/contract";

/** What the kit throws; each code is stable. */
export type TestkitErrorCode =
  /** Options that cannot be used; the message lists every problem. */
  | "MUOVE_TESTKIT_INVALID_OPTIONS"
  /** A real server was asked for, and none is installed. */
  | "MUOVE_TESTKIT_NO_NATS_SERVER"
  /** A process ended, or took too long, before it was ready; the message has its output. */
  | "MUOVE_TESTKIT_NOT_READY"
  /** Something that was waited for did not come in time; the message says what was seen last. */
  | "MUOVE_TESTKIT_TIMEOUT"
  /** This NATS, or this operating system, cannot do that. */
  | "MUOVE_TESTKIT_UNSUPPORTED"
  /** The process that was to do it does not run. */
  | "MUOVE_TESTKIT_NOT_RUNNING"
  /** The kit was closed before. */
  | "MUOVE_TESTKIT_CLOSED";

/** The one error class of this package. Tell them apart by `code`, which never changes; messages may. */
export class TestkitError extends MuoveError {
  readonly code: TestkitErrorCode;

  constructor(code: TestkitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
