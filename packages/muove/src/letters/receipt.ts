/**
 * What became of a durable cast. It is a promise, which never rejects.
 *
 * - `stored`: its stream keeps it. It will be handled, or be found among the dead letters.
 * - `unavailable`: it is not known to be kept. `delivered` says whether it may be.
 */
export type LetterReceipt = Stored | NotStored;

export interface Stored {
  readonly status: "stored";
  /** Its id: the one that was given, or a new one. */
  readonly id: string;
  /** Whether it was kept already, under the same id. */
  readonly duplicate: boolean;
}

/**
 * - `no-store`: there is no stream for it, and none can be made; `message` says why.
 * - `store-conflict`: another stream captures its subject.
 * - `overloaded`: its stream is full, or too many letters of this service wait to be stored.
 * - `unreachable`: there was no connection to NATS in its time (`no`), or it was lost and did not come back (`maybe`).
 * - `timeout`: the stream did not answer in time.
 * - `forbidden`: the permissions of this service's NATS user refuse it.
 * - `expired`: no time was left to send it. `cancelled`: its signal was aborted.
 */
export type NotStoredReason =
  | "no-store"
  | "store-conflict"
  | "overloaded"
  | "unreachable"
  | "timeout"
  | "forbidden"
  | "expired"
  | "cancelled";

export interface NotStored {
  readonly status: "unavailable";
  readonly reason: NotStoredReason;
  /** `no`: it is kept nowhere, so it is safe to send it again under another id. `maybe`: send it again under this id. */
  readonly delivered: "no" | "maybe";
  readonly id: string;
  readonly address: string;
  /** What happened, in a sentence for people. In code, match on `reason`. */
  readonly message: string;
}

const words: Readonly<Record<NotStoredReason, Readonly<Record<"no" | "maybe", string>>>> = {
  "no-store": both("was not stored"),
  "store-conflict": both("was not stored: another stream captures its subject"),
  overloaded: both("was refused: no room is left to keep it"),
  unreachable: {
    no: "was not sent: this service has no connection to NATS",
    maybe: "may be stored: the connection to NATS was lost before its stream had answered",
  },
  timeout: { no: "was not stored in time", maybe: "may be stored: its stream did not answer in time" },
  forbidden: both("was refused by the permissions of this service's NATS user"),
  expired: both("was not sent: no time was left"),
  cancelled: { no: "was not stored: its signal was aborted", maybe: "may be stored: its signal was aborted" },
};

function both(text: string): Readonly<Record<"no" | "maybe", string>> {
  return { no: text, maybe: text };
}

/** @param detail why, if there is more to say. */
export function notStored(
  { address, id }: { readonly address: string; readonly id: string },
  reason: NotStoredReason,
  delivered: "no" | "maybe",
  detail?: string,
): NotStored {
  const why = detail === undefined ? "" : ` (${detail})`;
  const message = `${address} ${words[reason][delivered]}${why}`;
  return { status: "unavailable", reason, delivered, id, address, message };
}
