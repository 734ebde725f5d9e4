// The raw side of the vectors: what a client without Muove sends and sees.

import type { Bus } from "muove";
import type { Frame } from "../support/frames.js";
import { RawClient } from "../support/raw-client.js";

export interface Payload {
  readonly hex?: string;
  /** For a payload with a part that differs between runs. */
  readonly text?: string;
}

export interface Bytes {
  /** ASCII, line ends included; empty for a message without headers. */
  readonly headers: string;
  readonly payload: Payload;
}

export interface Named {
  readonly id: string;
  readonly title: string;
  readonly clauses: readonly string[];
}

export async function listening({ port }: { readonly port: number }, subjects: readonly string[]): Promise<RawClient> {
  const client = await RawClient.open(port);
  const subscriptions = subjects.map((subject, n) => `SUB ${subject} ${n + 1}\r\n`).join("");
  client.send(`CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\n${subscriptions}`);
  await client.fence();
  return client;
}

export function publish(client: RawClient, subject: string, reply: string, { headers, payload }: Bytes): void {
  const body = Buffer.from(payload.hex ?? "", "hex");
  const to = reply === "" ? subject : `${subject} ${reply}`;
  const total = headers.length + body.length;
  const line = headers === "" ? `PUB ${to} ${total}` : `HPUB ${to} ${headers.length} ${total}`;
  client.send(Buffer.concat([Buffer.from(`${line}\r\n${headers}`, "latin1"), body, Buffer.from("\r\n")]));
}

export async function messageIn(client: RawClient): Promise<Frame | undefined> {
  const is = ({ verb }: Frame): boolean => verb === "MSG" || verb === "HMSG";
  await client.until(() => client.frames.some(is));
  return client.frames.find(is);
}

/** Verb, subject, reply subject, headers and payload; text has one character for each byte. */
export function partsOf(frame: Frame | undefined): [string, string, string, string, string] {
  if (frame === undefined) throw new Error("no message came");
  const [verb = "", subject = "", , ...rest] = frame.line.split(" ");
  const sizes = verb === "HMSG" ? 2 : 1;
  const reply = rest.length > sizes ? (rest[0] ?? "") : "";
  const length = verb === "HMSG" ? Number(rest.at(-2)) : 0;
  const body = (frame.body ?? "").slice(0, -2);
  return [verb, subject, reply, body.slice(0, length), body.slice(length)];
}

export type Masks = readonly (readonly [RegExp, string])[];

/** Masks for what differs between runs. */
export function masksFor({ status: { service: name, instance } }: Pick<Bus, "status">): Masks {
  return [
    [new RegExp(`(_INBOX_muove\\.${name})\\.${instance}\\.[\\w-]{11}\\d+`, "g"), "$1.<instance>.<token>"],
    [/Muove-Call: [\w-]{11,}/g, "Muove-Call: <call>"],
    [new RegExp(`${name}/${instance}`, "g"), `${name}/<instance>`],
    [/Muove-Clock: \d+/g, "Muove-Clock: <clock>"],
  ];
}

export function masked(text: string, masks: Masks): string {
  return masks.reduce((result, [pattern, name]) => result.replace(pattern, name), text);
}

export function hexOf(text: string): string {
  return Buffer.from(text, "latin1").toString("hex");
}
