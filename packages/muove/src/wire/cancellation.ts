import type { Message } from "../link/index.js";

// docs/protocol.md, clauses.

/** A caller has given up: names the request by its reply subject, as plain text. */
export function encodeCancellation(reply: string): Uint8Array {
  return Buffer.from(reply, "latin1");
}

export function readCancellation({ data }: Message): string {
  return Buffer.from(data).toString("latin1");
}
