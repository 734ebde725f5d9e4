import type { Msg } from "@nats-io/nats-core";

// docs/protocol.md, clauses.

/** A caller has given up: names the request by its reply subject, as plain text. */
export function encodeCancellation(reply: string): Uint8Array {
  return Buffer.from(reply, "latin1");
}

export function readCancellation(msg: Msg): string {
  return Buffer.from(msg.data).toString("latin1");
}
