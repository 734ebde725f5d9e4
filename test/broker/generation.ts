// nats-server's answers have changed over its versions; the embedded broker answers as 2.9 does
// (packages/broker/README.md).

import type { Frame } from "../support/frames.js";
import { natsServerVersion } from "../support/nats-server.js";

const { minor, patch } = natsServerVersion();

/** What the server under test does and 2.9 does not. differences.test.ts checks each of them, either way. */
export const generation = {
  /** INFO contains the server's public key. */
  hasKey: minor >= 10,
  /** `$SYS.REQ.USER.INFO` is answered in every account. */
  tellsUsers: minor >= 10,
  /** INFO gives the level of JetStream's API, and comes again after the first PONG; a 503 names its subject. */
  saysMore: minor >= 12,
  /** A second CONNECT ends the connection's subscriptions. The fix was also made in two earlier release lines. */
  forgetsOnConnect: minor >= 14 || (minor === 12 && patch >= 8) || (minor === 11 && patch >= 17),
};

/** Converts frames of any version of nats-server to what 2.9 would have sent. */
export function asOf29(frames: readonly Frame[]): Frame[] {
  return frames.filter((frame, i) => i === 0 || !isSecondInfo(frame)).map(withoutSubject);
}

/** From 2.12 on, nats-server sends INFO again after its first PONG. */
function isSecondInfo({ verb, line }: Frame): boolean {
  return verb === "INFO" && /"connect_info":true/.test(line);
}

/**
 * From 2.12 on, nats-server names the subject in a 503, which makes it longer. A body includes the final CRLF, which
 * the sizes do not count.
 */
function withoutSubject(frame: Frame): Frame {
  const { line, body } = frame;
  if (!body?.startsWith("NATS/1.0 503\r\nNats-Subject: ")) return frame;
  const bare = body.replace(/Nats-Subject: [^\r]*\r\n/, "");
  return { ...frame, line: line.replace(/\d+ \d+$/, `${bare.length - 2} ${bare.length - 2}`), body: bare };
}
