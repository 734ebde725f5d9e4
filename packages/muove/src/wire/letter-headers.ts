import { type HeaderBlock, headerIn } from "./headers.js";

// docs/protocol.md, clauses L-4 to L-7.

/** The longest id of a letter, in characters. */
export const maxLetterId = 128;

/** How many bytes of headers an owner adds to a letter, at most. */
export const letterRoom = 2_048;
/** The longest text of an error, in its encoding. */
const maxErrorText = 1_024;

const idForm = new RegExp(`^[\\x21-\\x7e]{1,${maxLetterId}}$`);

/** Whether a letter may have this id. */
export const isLetterId = (id: unknown): id is string => typeof id === "string" && idForm.test(id);

/** What a letter has been through since it was sent. Only owners write it. */
export interface Trail {
  /** How often it was tried, and failed. */
  readonly failures: number;
  /** How often an owner moved it within its stream. */
  readonly moves: number;
  /** How often it was sent again after it was dead. */
  readonly revivals: number;
  /** When it was sent, first tried, and when it may be tried next, in ms since the epoch on the server's clock. */
  readonly sentAt: number;
  readonly firstTriedAt: number;
  readonly dueAt: number;
}

/** The lines of a letter, as its sender stores it. */
export function letterLines(message: string, id: string, stream: string): string {
  return `Muove-Id: ${id}\r\nNats-Msg-Id: ${message}/${id}\r\nNats-Expected-Stream: ${stream}\r\n`;
}

/**
 * The lines of a letter that its owner moves.
 *
 * @param stored when the copied letter was stored, to the nanosecond: senders do not know it, so none can take the copy's
 *   id before.
 */
export function movedLines(message: string, id: string, stream: string, trail: Trail, stored: string): string {
  const { failures, moves, revivals, sentAt, firstTriedAt, dueAt } = trail;
  const figures = [failures, moves, revivals, sentAt, firstTriedAt, dueAt].map(Math.floor).join(" ");
  const unique = `${message}/${id}/r${revivals}/p${moves}/${stored}`;
  return `Muove-Id: ${id}\r\nMuove-Trail: ${figures}\r\nNats-Msg-Id: ${unique}\r\nNats-Expected-Stream: ${stream}\r\n`;
}

/** The id in a letter's headers; `undefined` without one. */
export function readLetterId(headers: HeaderBlock): string | undefined {
  const id = headerIn(headers, "Muove-Id");
  return isLetterId(id) ? id : undefined;
}

const trailForm = /^\d{1,6}(?: \d{1,6}){2}(?: \d{1,15}){3}$/;

/** The trail in a letter's headers; `undefined` without one. Only subjects that owners publish to have a true one. */
export function readTrail(headers: HeaderBlock): Trail | undefined {
  const text = headerIn(headers, "Muove-Trail");
  if (!trailForm.test(text)) return undefined;
  const [failures = 0, moves = 0, revivals = 0, sentAt = 0, firstTriedAt = 0, dueAt = 0] = text.split(" ").map(Number);
  return { failures, moves, revivals, sentAt, firstTriedAt, dueAt };
}

/** Headers that belong to one copy of a letter, and not to the letter. */
const ownLine = /^(?:Nats-|Muove-(?:Id|Trail|Dead|Error):)/i;

/** The lines of a received block that a copy of the letter keeps, each with its CR LF. */
export function keptLines(block: HeaderBlock): string {
  const lines = block.split("\r\n").slice(1);
  return lines
    .filter((line) => line !== "" && !ownLine.test(line))
    .map((line) => `${line}\r\n`)
    .join("");
}

/** Why a letter is dead. */
export type DeadReason = "failed" | "buried" | "rejected" | "refused" | "lost";

/** What is told of a dead letter. */
export interface Death {
  readonly reason: DeadReason;
  /** The text of its last error. */
  readonly error: string;
  readonly tries: number;
  /** When it died, in ms since the epoch on the server's clock. */
  readonly diedAt: number;
}

/** What the headers of a dead letter tell. */
export interface DeadTrail extends Death {
  readonly revivals: number;
  readonly sentAt: number;
  readonly firstTriedAt: number;
}

const deadForm = /^(failed|buried|rejected|lost) (\d{1,6}) (\d{1,6}) (\d{1,15}) (\d{1,15}) (\d{1,15})$/;

/** Reads what {@link deadLines} writes; `undefined` if there is nothing of it. */
export function readDeadTrail(headers: HeaderBlock): DeadTrail | undefined {
  const [, reason, ...figures] = deadForm.exec(headerIn(headers, "Muove-Dead")) ?? [];
  if (reason === undefined) return undefined;
  const [tries = 0, revivals = 0, sentAt = 0, firstTriedAt = 0, diedAt = 0] = figures.map(Number);
  const error = decodedError(headerIn(headers, "Muove-Error"));
  return { reason: reason as DeadReason, error, tries, revivals, sentAt, firstTriedAt, diedAt };
}

function decodedError(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The lines of a dead letter, beside those of the letter itself. */
export function deadLines(message: string, id: string, stream: string, trail: Trail, death: Death): string {
  const { reason, error, tries, diedAt } = death;
  const { moves, revivals, sentAt, firstTriedAt } = trail;
  const figures = [tries, revivals, sentAt, firstTriedAt, diedAt].map(Math.floor).join(" ");
  const unique = `${message}/${id}/r${revivals}/p${moves}/dead`;
  const own = `Muove-Id: ${id}\r\nMuove-Dead: ${reason} ${figures}\r\nMuove-Error: ${errorLine(error)}\r\n`;
  return `${own}Nats-Msg-Id: ${unique}\r\nNats-Expected-Stream: ${stream}\r\n`;
}

/** Percent-encoded, and cut between characters. */
function errorLine(error: string): string {
  const encoded = encodeURIComponent(error.toWellFormed());
  if (encoded.length <= maxErrorText) return encoded;
  let text = "";
  for (const character of error.toWellFormed()) {
    const next = text + encodeURIComponent(character);
    if (next.length > maxErrorText) break;
    text = next;
  }
  return text;
}
