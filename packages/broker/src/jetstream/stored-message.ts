import type { Publication } from "../wire/publication.js";
import type { StreamConfig } from "./stream-config.js";

/** What a message takes of memory beside its bytes and its subject, by an estimate. */
const overhead = 550;

/** A message in a stream. */
export interface StoredMessage {
  readonly sequence: number;
  /** As a key. */
  readonly subject: string;
  /** When it was stored, in ms since the epoch. */
  readonly at: number;
  readonly headerSize: number;
  /** Header and payload, with CRLF. */
  readonly bytes: Buffer;
  /** Its size, as nats-server counts it for `max_bytes`. */
  readonly size: number;
  /** Its neighbours on its subject. */
  earlier: StoredMessage | undefined;
  later: StoredMessage | undefined;
}

/** Copies a message, because the received bytes are reused. */
export function storedMessage(from: Publication, sequence: number, at: number, size: number): StoredMessage {
  const { subject, headerSize, bytes, start, end } = from;
  const copy = Buffer.allocUnsafeSlow(end - start);
  bytes.copy(copy, 0, start, end);
  return { sequence, subject, at, headerSize, bytes: copy, size, earlier: undefined, later: undefined };
}

/** The size of a message, as nats-server counts it: a file has a frame around it. */
export function sizeIn(storage: StreamConfig["storage"], { subject, headerSize, size }: Publication): number {
  const bare = subject.length + size;
  if (storage === "memory") return bare + 16;
  return bare + (headerSize > 0 ? 34 : 30);
}

/** What a message takes of memory. */
export const weightOf = ({ bytes, subject }: StoredMessage): number => overhead + bytes.length + subject.length;

export const headerOf = ({ bytes, headerSize }: StoredMessage): Buffer => bytes.subarray(0, headerSize);

export const payloadOf = ({ bytes, headerSize }: StoredMessage): Buffer => bytes.subarray(headerSize, bytes.length - 2);
