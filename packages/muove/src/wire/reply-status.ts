import { maxNameLength, plainText } from "@muove/contract/internal";
import { type HeaderBlock, headerBlock, headerIn } from "./headers.js";

// docs/protocol.md, clauses.

/**
 * What other NATS clients see of each reply that is no plain success: a code as in the NATS service API, after HTTP's.
 */
const serviceErrorCode = {
  failed: 422,
  rejected: 400,
  "unknown-message": 404,
  crashed: 500,
  "reply-too-large": 507,
  overloaded: 429,
  draining: 503,
} as const;

/** The replies that are no plain success, as `Muove-Status` names them. */
export type ReplyStatus = keyof typeof serviceErrorCode;

/** A mailbox may be full for longer, but whoever is told so does not wait for longer without asking again, in ms. */
const longestRetry = 60_000;

/**
 * The headers of a reply that is no plain success. They carry the NATS service API's error headers too, so that clients
 * that know nothing of Muove see an error.
 *
 * @param text for people; on one line.
 */
export function statusHeaders(
  status: ReplyStatus,
  text: string,
  extra: { readonly code?: string; readonly retryAfter?: number; readonly from?: string | undefined } = {},
): HeaderBlock {
  let lines = `Muove-Status: ${status}\r\n`;
  if (extra.from !== undefined) lines += `Muove-From: ${extra.from}\r\n`;
  if (extra.code !== undefined) lines += `Muove-Code: ${extra.code}\r\n`;
  if (extra.retryAfter !== undefined)
    lines += `Muove-Retry-After: ${Math.ceil(Math.min(longestRetry, extra.retryAfter))}\r\n`;
  lines += `Nats-Service-Error: ${oneLine(text)}\r\nNats-Service-Error-Code: ${serviceErrorCode[status]}\r\n`;
  return headerBlock(lines);
}

/** Header values are one line of printable ASCII. */
function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 256);
}

/** The status of a reply that is no plain success; `foreign` for the error of a NATS service that is not Muove's. */
export interface StatusReply {
  readonly status: ReplyStatus | "foreign";
  /**
   * What the service says of it, for people, or the status as it came. Plain, as is the code: anybody can have written
   * it.
   */
  readonly text: string;
  readonly code: string;
  readonly retryAfter: number;
}

/** What the status line says behind `NATS/1.0`: nothing in whatever a service answers. */
export function statusLineIn(headers: HeaderBlock): string {
  if (headers === "") return "";
  const end = headers.indexOf("\r\n");
  return plainText(headers.slice("NATS/1.0".length, end === -1 ? undefined : end)).trim();
}

/** Reads the status from a reply's headers; nothing for a plain success. */
export function readStatus(headers: HeaderBlock): StatusReply | undefined {
  if (headers === "") return undefined;
  const status = headerIn(headers, "Muove-Status");
  const serviceError = headerIn(headers, "Nats-Service-Error") || headerIn(headers, "Nats-Service-Error-Code");
  if (status === "" && serviceError === "") return undefined;
  return {
    status: Object.hasOwn(serviceErrorCode, status) ? (status as ReplyStatus) : "foreign",
    text: plainText(serviceError || status),
    code: plainText(headerIn(headers, "Muove-Code"), maxNameLength),
    retryAfter: retryIn(headers),
  };
}

function retryIn(headers: HeaderBlock): number {
  const given = Number.parseInt(headerIn(headers, "Muove-Retry-After"), 10) || 0;
  return Math.min(longestRetry, Math.max(0, given));
}
