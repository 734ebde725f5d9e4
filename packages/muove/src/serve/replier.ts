import type { Core } from "../bus/core.js";
import { type Encoding, encode } from "../codec/index.js";
import { type ReplyStatus, statusHeaders } from "../wire/reply-status.js";

/**
 * Answers one request, in its encoding. (A request that carried nothing is answered in MessagePack when it came from
 * Muove, and in JSON otherwise: then somebody reads it with another client.)
 */
export class Replier {
  readonly #core: Core;
  readonly #address: string;
  readonly #subject: string;
  readonly #encoding: Encoding;

  constructor(core: Core, address: string, subject: string, encoding: Encoding) {
    this.#core = core;
    this.#address = address;
    this.#subject = subject;
    this.#encoding = encoding;
  }

  /** @throws Unencodable when the output is nothing that the encoding can carry. */
  success(output: unknown): void {
    const payload = encode(output, this.#encoding);
    if (this.#fits(payload.length)) this.#core.link.publish(this.#subject, payload);
    else this.#tooLarge(payload.length);
  }

  /** @throws Unencodable when the body is nothing that the encoding can carry. */
  status(status: ReplyStatus, text: string, body: unknown, extra?: { code?: string; retryAfter?: number }): void {
    const headers = statusHeaders(status, text, extra);
    const payload = encode(body, this.#encoding);
    if (this.#fits(payload.length + headers.size)) this.#core.link.publish(this.#subject, payload, { headers });
    else this.#tooLarge(payload.length);
  }

  #fits(size: number): boolean {
    return size <= this.#core.link.maxPayload;
  }

  #tooLarge(size: number): void {
    const limit = this.#core.link.maxPayload;
    const text = `answered with ${size} bytes and the NATS server allows ${limit}`;
    this.#core.log.error({ message: this.#address, size, limit }, "an answer does not fit into a message");
    this.status("reply-too-large", text, { size, limit });
  }
}
