// nats-server has changed what it says over its generations; the embedded broker does as 2.9 does (packages/broker/README.md).

import type { Frame } from "../support/frames.js";

/** Frames as nats-server 2.9 would have sent them, whichever generation did. */
export function asOf29(frames: readonly Frame[]): Frame[] {
  return frames.filter((frame, i) => i === 0 || !isSecondInfo(frame)).map(withoutSubject);
}

/** 2.15 sends INFO again when a client has connected. */
function isSecondInfo({ verb, line }: Frame): boolean {
  return verb === "INFO" && /"connect_info":true/.test(line);
}

/** 2.15 names the subject in its 503, which makes that longer. A body ends in the CRLF that its sizes do not count. */
function withoutSubject(frame: Frame): Frame {
  const { line, body } = frame;
  if (!body?.startsWith("NATS/1.0 503\r\nNats-Subject: ")) return frame;
  const bare = body.replace(/Nats-Subject: [^\r]*\r\n/, "");
  return { ...frame, line: line.replace(/\d+ \d+$/, `${bare.length - 2} ${bare.length - 2}`), body: bare };
}
