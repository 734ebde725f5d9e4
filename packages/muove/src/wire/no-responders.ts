import type { Msg } from "@nats-io/nats-core";
import { headersOf } from "./headers.js";

/** Whether this is the server's word that nobody listens where a request was sent. */
export function isNoResponders(msg: Msg): boolean {
  return msg.data.length === 0 && headersOf(msg)?.code === 503;
}
