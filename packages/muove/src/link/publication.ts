export interface PublishOptions {
  readonly reply?: string;
  /** As on the wire: `NATS/1.0\r\n`, the lines, an empty line. One byte per character. */
  readonly headers?: string;
}

/** Something that can be published on. */
export interface Origin {
  /** False: handed to no connection, and it never will be. */
  publish(subject: string, payload: Uint8Array, options: PublishOptions): boolean;
}

/** Any visible one-byte character. The sender chooses the encoding. */
const subjectForm = /^[\x21-\x7e\x80-\xff]+$/;

/** A blank would end the subject and start another field of the protocol line, so it is refused in every state. */
export function assertSubject(subject: string): void {
  if (!subjectForm.test(subject)) throw new TypeError(`not a subject: ${JSON.stringify(subject)}`);
}
