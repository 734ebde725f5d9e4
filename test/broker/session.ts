// A session is what several raw connections send, step by step; its transcript is what each of them receives.

import { setTimeout as delay, setImmediate as polled } from "node:timers/promises";
import type { Frame } from "../support/frames.js";
import { RawClient } from "../support/raw-client.js";
import { asOf29 } from "./generation.js";

/** One step: one connection sends something, and then all wait until the server has handled it. */
export interface Step {
  readonly on: number;
  /** The chunks to send; one character for each byte. */
  readonly send: readonly string[];
  /** How many of its PINGs the server will answer. */
  readonly pings?: number;
  /** The server will close the connection by itself: the step waits for that instead of a fence. */
  readonly closes?: boolean;
}

export interface Session {
  readonly connections: number;
  readonly steps: readonly Step[];
}

/** What was received, in a form in which two servers can be compared. */
export interface Transcript {
  /** For each connection. */
  readonly heard: readonly (readonly string[])[];
  /**
   * What members of queue groups got, sorted and without naming the member, because the choice is random. Their sids
   * start with `q` and the group's letter.
   */
  readonly pool: readonly string[];
}

/**
 * A fence that is not answered for this long, in ms, was swallowed as part of something else, on both servers. This is
 * rare: what swallows it mostly ends the connection.
 */
const swallowedAfter = 5_000;

/** Between the chunks of a step, in ms, so that the server reads them one by one. */
const betweenChunks = 2;

export async function run(port: number, session: Session): Promise<Transcript> {
  const clients: RawClient[] = [];
  // One after the other, so that their ids are in order.
  for (let i = 0; i < session.connections; i++) clients.push(await RawClient.open(port));
  const spoken = new Set<RawClient>();
  for (const step of session.steps) {
    const acting = clients[step.on] as RawClient;
    await perform(step, acting);
    // A connection that has sent nothing yet has no subscriptions, and a PING as its first line could be an error.
    for (const client of spoken) if (client !== acting) await client.fence({ within: swallowedAfter });
    spoken.add(acting);
  }
  const transcript = transcribe(clients);
  await Promise.all(clients.map((client) => client.close()));
  return transcript;
}

async function perform({ send, pings = 0, closes = false }: Step, acting: RawClient): Promise<void> {
  for (const chunk of send.slice(0, -1)) {
    acting.send(chunk);
    await delay(betweenChunks);
    // What the server sent before it closed has to be read first: Node throws it away when a write fails.
    await polled();
  }
  if (closes) await acting.until(() => acting.closed);
  // The last chunk and the fence are one write, for the same reason.
  else await acting.fence({ after: send.at(-1) ?? "", pongs: pings, within: swallowedAfter });
}

function transcribe(clients: readonly RawClient[]): Transcript {
  const pool: string[] = [];
  const heard = clients.map(({ frames, closed }) => {
    const lines = asOf29(frames).flatMap((frame) => {
      const group = /^H?MSG \S* (q.)/.exec(frame.line)?.[1];
      if (group === undefined) return [render(frame)];
      pool.push(`${group} ${renderShared(frame)}`);
      return [];
    });
    return [...sortEquals(lines), ...(closed ? ["<closed>"] : [])];
  });
  return { heard, pool: pool.sort() };
}

/** A message without what depends on its receiver: the sid, and whether it came with its header. */
function renderShared({ verb, line, body = "" }: Frame): string {
  const words = line.split(" ");
  const headerSize = verb === "HMSG" ? Number(words.at(-2)) : 0;
  const reply = words.length === (verb === "HMSG" ? 6 : 5) ? words[3] : "";
  return `${words[1]} ${reply}|${body.slice(headerSize)}`;
}

function render({ verb, line, body }: Frame): string {
  if (verb === "INFO") return `INFO ${renderInfo(line)}`;
  // Which of several subscriptions gets the 503 is random, as is the order of a Go map.
  if (body?.startsWith("NATS/1.0 503\r\n")) return `${line.replace(/^(\S+ \S+) \S+/, "$1 *")}|${body}`;
  return body === undefined ? line : `${line}|${body}`;
}

/** The fields that clients depend on. Those that name the server or differ between runs appear by their type only. */
function renderInfo(line: string): string {
  const info = JSON.parse(line.slice("INFO ".length)) as Record<string, unknown>;
  const same = ["proto", "host", "headers", "auth_required", "max_payload", "client_ip", "ldm", "jetstream"];
  const typed = ["server_id", "server_name", "version", "go", "port", "client_id"];
  return JSON.stringify({
    ...Object.fromEntries(same.map((name) => [name, info[name]])),
    ...Object.fromEntries(typed.map((name) => [name, typeof info[name]])),
  });
}

/** Sorts adjacent copies of one message: nats-server sends them in any order. */
function sortEquals(lines: readonly string[]): string[] {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const line of lines) {
    if (run[0] !== undefined && messageOf(line) !== messageOf(run[0])) {
      sorted.push(...run.sort());
      run = [];
    }
    run.push(line);
  }
  return [...sorted, ...run.sort()];
}

const messageOf = (line: string): string => (/^H?MSG/.test(line) ? line.slice(line.indexOf("|")) : `${line}`);

const invalid = "-ERR 'Invalid Publish Subject'";

/** nats-server sends this error twice when the message comes in more than one read; see the README's differences. */
export const toldOnce = (lines: readonly string[]): readonly string[] =>
  lines.filter((line, i) => line !== invalid || lines[i - 1] !== invalid);
