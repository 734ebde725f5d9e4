// nats-server has changed what it says over its generations; the embedded broker does as 2.9 does
// (packages/broker/README.md).

import type { Frame } from "../support/frames.js";
import { natsServerVersion } from "../support/nats-server.js";

const { minor, patch } = natsServerVersion();

/** What the server that is tested on does, and 2.9 does not. differences.test.ts shows each, or that it is not so. */
export const generation = {
  /** It has a public key, and INFO tells it. */
  hasKey: minor >= 10,
  /** `$SYS.REQ.USER.INFO` is answered in every account. */
  tellsUsers: minor >= 10,
  /** INFO tells the level of JetStream's API, and comes again after the first PONG; a 503 names its subject. */
  saysMore: minor >= 12,
  /** A second CONNECT ends what the connection had subscribed to. The fix came to two earlier lines, too. */
  forgetsOnConnect: minor >= 14 || (minor === 12 && patch >= 8) || (minor === 11 && patch >= 17),
};

/** Frames as nats-server 2.9 would have sent them, whichever generation did. */
export function asOf29(frames: readonly Frame[]): Frame[] {
  return frames.filter((frame, i) => i === 0 || !isSecondInfo(frame)).map(withoutSubject);
}

/** From 2.12 on it sends INFO again after its first PONG. */
function isSecondInfo({ verb, line }: Frame): boolean {
  return verb === "INFO" && /"connect_info":true/.test(line);
}

/**
 * From 2.12 on it names the subject in its 503, which makes that longer. A body ends in the CRLF that its sizes do not
 * count.
 */
function withoutSubject(frame: Frame): Frame {
  const { line, body } = frame;
  if (!body?.startsWith("NATS/1.0 503\r\nNats-Subject: ")) return frame;
  const bare = body.replace(/Nats-Subject: [^\r]*\r\n/, "");
  return { ...frame, line: line.replace(/\d+ \d+$/, `${bare.length - 2} ${bare.length - 2}`), body: bare };
}
