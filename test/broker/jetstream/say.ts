// Short forms for the steps of a session.

import type { Session, Step } from "./session.js";

type More = Omit<Partial<Step>, "subject" | "body">;

export const api = (request: string, body: object | string = "", more: More = {}): Step => ({
  subject: `$JS.API.${request}`,
  body: typeof body === "string" ? body : JSON.stringify(body),
  ...more,
});

/** Makes the stream `S` on `s.>`, unless told otherwise. */
export const stream = (own: object = {}, name = "S"): Step =>
  api(`STREAM.CREATE.${name}`, { name, subjects: ["s.>"], storage: "memory", ...own });

export const info = (name = "S"): Step => api(`STREAM.INFO.${name}`);

export const pub = (subject: string, body = "", more: More = {}): Step => ({ subject, body, ...more });

/** Publishes with headers. */
export const hpub = (subject: string, header: string, body = "", more: More = {}): Step =>
  pub(subject, body, { header, ...more });

/** Makes a consumer of `S` that acknowledges each message, unless told otherwise. */
export const consumer = (name: string, own: object = {}, more: object = {}): Step =>
  api(`CONSUMER.CREATE.S.${name}`, {
    stream_name: "S",
    config: { durable_name: name, ack_policy: "explicit", ...own },
    ...more,
  });

export const consumerInfo = (name: string): Step => api(`CONSUMER.INFO.S.${name}`);

/** Asks for messages; `expect` counts them, and the statuses. */
export const pull = (name: string, body: object | string, expect: number, more: More = {}): Step =>
  api(`CONSUMER.MSG.NEXT.S.${name}`, body, { expect, ...more });

/** Says what becomes of the n-th delivery. */
export const verdict = (delivery: number, body: string, more: More = {}): Step => ({
  subject: `@${delivery}`,
  body,
  ...more,
});

/** What nobody confirms. */
export const quietly: More = { reply: false, expect: 0 };

export const ms = (milliseconds: number): number => milliseconds * 1e6;

export const several = (count: number, subject = "s.a"): Session =>
  Array.from({ length: count }, (_, i) => pub(subject, `m${i + 1}`));
