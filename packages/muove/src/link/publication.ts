/** Headers that are already in their wire form: `NATS/1.0\r\n`, the lines, an empty line. */
export interface EncodableHeaders {
  encode(): Uint8Array;
}

export interface PublishOptions {
  readonly reply?: string;
  readonly headers?: EncodableHeaders;
}

const blank = /[ \t\r\n]/;

/** A blank would end the subject and start another field of the protocol line, so it is refused in every state. */
export function assertSubject(subject: string): void {
  if (subject === "" || blank.test(subject)) throw new TypeError(`not a subject: ${JSON.stringify(subject)}`);
}
