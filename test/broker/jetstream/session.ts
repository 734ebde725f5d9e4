// A session with JetStream is what one raw connection sends, step by step; its transcript is what it hears after each.

import { setTimeout as delay } from "node:timers/promises";
import type { Frame } from "../../support/frames.js";
import { RawClient } from "../../support/raw-client.js";
import { Normaliser } from "./normalise.js";

/** What one step sends, and how many messages come of it. */
export interface Step {
  /** `@n` is the subject that acknowledges the n-th delivery, `@-n` that of the n-th last one, if there is one. */
  readonly subject: string;
  readonly body: string;
  readonly header?: string;
  /** Whether it names a reply subject. Default true. */
  readonly reply?: boolean;
  /** How many messages are waited for. Undefined: as many as the broker under test says, or 1. */
  readonly expect?: number | undefined;
  /** What passes before it, in ms. */
  readonly after?: number;
  /** How long no other message may come afterwards, in ms. Default 0. */
  readonly quiet?: number;
}

export type Session = readonly Step[];

/** A message that is late by more than this, in ms, does not come. */
const patience = 5_000;

/** How many messages each step brings, where the steps do not say it; or that they show, soon. */
export type Expected = readonly number[] | "soon";

/** Long enough, in ms, for a broker in this process to say all that it has to say. */
const soon = 4;

/** What was heard after each step. */
export async function run(
  port: number,
  session: Session,
  expected: Expected = [],
): Promise<readonly (readonly unknown[])[]> {
  const client = await RawClient.open(port);
  client.send('CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\nSUB in.> 1\r\n');
  await client.fence();
  const normaliser = new Normaliser();
  const deliveries: string[] = [];
  const transcript: unknown[][] = [];
  let read = client.frames.length;
  for (const [i, step] of session.entries()) {
    if (step.after) await delay(step.after);
    const { quiet = 0 } = step;
    const expect = step.expect ?? (expected === "soon" ? 0 : (expected[i] ?? 1));
    const heard = () => client.frames.slice(read).filter(isMessage);
    client.send(written(step, i, deliveries));
    await client.until(() => heard().length >= expect || client.closed, patience);
    if (expected === "soon") await delay(soon);
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
  const to = subject.startsWith("@") ? deliveryAt(Number(subject.slice(1)), deliveries) : subject;
  const head = `${to}${reply ? ` in.${number}` : ""}`;
  if (header === undefined) return `PUB ${head} ${Buffer.byteLength(body)}\r\n${body}\r\n`;
  const lines = `NATS/1.0\r\n${header}\r\n\r\n`;
  return `HPUB ${head} ${lines.length} ${lines.length + Buffer.byteLength(body)}\r\n${lines}${body}\r\n`;
}

const deliveryAt = (at: number, deliveries: readonly string[]): string =>
  deliveries.at(at > 0 ? at - 1 : at) ?? "$JS.API.STREAM.NAMES";
