export interface PublishOptions {
  readonly reply?: string;
  /** In their wire form: `NATS/1.0\r\n`, the lines, an empty line; one byte for each character. */
  readonly headers?: string;
}

/** Something that can be published on. */
export interface Origin {
  /** False: it was handed to no connection, and never will be. */
  publish(subject: string, payload: Uint8Array, options: PublishOptions): boolean;
}

/** Every visible character of one byte: how it is encoded is the sender's own affair. */
const subjectForm = /^[\x21-\x7e\x80-\xff]+$/;

/** A blank would end the subject and start another field of the protocol line, so it is refused in every state. */
export function assertSubject(subject: string): void {
  if (!subjectForm.test(subject)) throw new TypeError(`not a subject: ${JSON.stringify(subject)}`);
}
