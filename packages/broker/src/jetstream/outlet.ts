import type { Recipient } from "../routing/recipient.js";
import type { Router } from "../routing/router.js";
import { Publication } from "../wire/publication.js";
import { headerOf, type StoredMessage } from "./stored-message.js";

/** Who publishes it: nobody's own message, and nobody that could be slowed down. */
const broker: Recipient = {
  echoes: true,
  withholds: () => false,
  deliver: () => false,
  unsubscribe: () => {},
  waitFor: () => {},
};

const crlf = Buffer.from("\r\n");

/** Publishes what JetStream says. */
export class Outlet {
  readonly #router: Router;

  constructor(router: Router) {
    this.#router = router;
  }

  /** Whether anybody is subscribed to a subject. */
  hasInterest(subject: string): boolean {
    return this.#router.hasInterest(subject);
  }

  /** Sends a text, which may be empty. */
  say(subject: string, text: string): void {
    const bytes = Buffer.from(`${text}\r\n`);
    this.#send(subject, `${subject} ${bytes.length - 2}`, bytes, 0);
  }

  /** Sends a status, such as `404 No Messages`, with its headers. */
  status(subject: string, status: string, headers: Readonly<Record<string, number>> = {}): void {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const bytes = Buffer.from(`NATS/1.0 ${status}\r\n${lines.join("")}\r\n\r\n`);
    const size = bytes.length - 2;
    this.#send(subject, `${subject} ${size} ${size}`, bytes, size);
  }

  /** Delivers a stored message to somebody who asked for it at `to`; it keeps its own subject. */
  deliver(to: string, { subject, headerSize, bytes }: StoredMessage, reply: string): void {
    const size = bytes.length - 2;
    const sizes = headerSize > 0 ? `${headerSize} ${size}` : `${size}`;
    this.#send(to, `${subject} ${reply} ${sizes}`, bytes, headerSize);
  }

  /** Delivers the header of a stored message only, with the size of its payload. */
  deliverHeader(to: string, message: StoredMessage, reply: string): void {
    const payload = message.bytes.length - 2 - message.headerSize;
    const bytes = withHeaders(message, { "Nats-Msg-Size": payload }, crlf);
    const size = bytes.length - 2;
    this.#send(to, `${message.subject} ${reply} ${size} ${size}`, bytes, size);
  }

  /** Sends a stored message to who asked for it directly. */
  answer(to: string, message: StoredMessage, headers: Readonly<Record<string, string | number>>): void {
    const payload = message.bytes.subarray(message.headerSize);
    const bytes = withHeaders(message, headers, payload);
    this.#send(to, `${to} ${bytes.length - payload.length} ${bytes.length - 2}`, bytes, bytes.length - payload.length);
  }

  /** @param head the control line without its verb. */
  #send(to: string, head: string, bytes: Buffer, headerSize: number): void {
    const publication = new Publication();
    const line = Buffer.from(head, "latin1");
    if (headerSize > 0) publication.readHpub(line, 0, line.length);
    else publication.readPub(line, 0, line.length);
    publication.subject = to;
    publication.carry(bytes, 0, bytes.length);
    this.#router.route(broker, publication);
  }
}

/** A message's header with more lines, and what follows it. */
function withHeaders(message: StoredMessage, more: Readonly<Record<string, string | number>>, rest: Buffer): Buffer {
  const header = message.headerSize > 0 ? headerOf(message).subarray(0, -2) : Buffer.from("NATS/1.0\r\n");
  const lines = Object.entries(more).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([header, Buffer.from(`${lines.join("")}\r\n`, "latin1"), rest]);
}
