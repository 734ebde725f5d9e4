// A session with JetStream is what one raw connection sends, step by step; its transcript is what it hears after each.

import { setTimeout as delay } from "node:timers/promises";
import type { Frame } from "../../support/frames.js";
import { RawClient } from "../../support/raw-client.js";
import { Normaliser } from "./normalise.js";

/** What one step sends, and how many messages come of it. */
export interface Step {
  /** `@n` is the subject that acknowledges the n-th delivery. */
  readonly subject: string;
  readonly body: string;
  readonly header?: string;
  /** Whether it names a reply subject. Default true. */
  readonly reply?: boolean;
  /** How many messages are waited for. Default 1. */
  readonly expect?: number;
  /** What passes before it, in ms. */
  readonly after?: number;
  /** How long no other message may come afterwards, in ms. Default 0. */
  readonly quiet?: number;
}

export type Session = readonly Step[];

/** A message that is late by more than this, in ms, does not come. */
const patience = 5_000;

/** What was heard after each step. */
export async function run(port: number, session: Session): Promise<readonly unknown[]> {
  const client = await RawClient.open(port);
  client.send('CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\nSUB in.> 1\r\n');
  await client.fence();
  const normaliser = new Normaliser();
  const deliveries: string[] = [];
  const transcript: unknown[] = [];
  let read = client.frames.length;
  for (const [i, step] of session.entries()) {
    if (step.after) await delay(step.after);
    const { expect = 1, quiet = 0 } = step;
    const heard = () => client.frames.slice(read).filter(isMessage);
    client.send(written(step, i, deliveries));
    await client.until(() => heard().length >= expect || client.closed, patience);
    if (quiet > 0) await client.until(() => heard().length > expect, quiet);
    await client.fence();
    const messages = heard().sort(bySubject);
    read = client.frames.length;
    for (const { line } of messages) deliveries.push(...ackSubjectIn(line));
    transcript.push(messages.map((frame) => normaliser.render(frame)));
  }
  await client.close();
  return transcript;
}

const isMessage = ({ verb }: Frame): boolean => verb === "MSG" || verb === "HMSG";

/** nats-server says what it says at different places in any order. */
const bySubject = (one: Frame, other: Frame): number => order(one).localeCompare(order(other));
const order = ({ line }: Frame): string => (line.includes("$JS.ACK.") ? "deliveries" : (line.split(" ")[1] ?? ""));

function ackSubjectIn(line: string): string[] {
  return line.split(" ").filter((word) => word.startsWith("$JS.ACK."));
}

function written({ subject, body, header, reply = true }: Step, number: number, deliveries: readonly string[]): string {
  const to = subject.startsWith("@") ? deliveries[Number(subject.slice(1)) - 1] : subject;
  const head = `${to}${reply ? ` in.${number}` : ""}`;
  if (header === undefined) return `PUB ${head} ${Buffer.byteLength(body)}\r\n${body}\r\n`;
  const lines = `NATS/1.0\r\n${header}\r\n\r\n`;
  return `HPUB ${head} ${lines.length} ${lines.length + Buffer.byteLength(body)}\r\n${lines}${body}\r\n`;
}
