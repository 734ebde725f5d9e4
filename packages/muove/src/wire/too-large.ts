import { MuoveError } from "@muove/contract";

/** The caller's message exceeds the NATS server's limit (`max_payload`). Thrown before anything is sent. */
export class TooLarge extends MuoveError {
  override readonly name = "TooLarge";
  readonly code = "MUOVE_TOO_LARGE";
  /** In bytes, headers included. */
  readonly size: number;
  /** The server's limit in bytes. */
  readonly limit: number;

  constructor(address: string, size: number, limit: number) {
    super(
      `${address} was not sent: it takes ${size} bytes and the NATS server allows ${limit}. ` +
        "Send a reference to the data instead, or raise max_payload on the server.",
    );
    this.size = size;
    this.limit = limit;
  }
}
