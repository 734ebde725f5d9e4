import type { Publication } from "../wire/publication.js";

/** What the headers of a published message say to its stream. Empty or undefined where they say nothing. */
export interface PublishHeaders {
  readonly id: string;
  readonly stream: string;
  readonly lastId: string;
  readonly lastSequence: number | undefined;
  readonly lastSubjectSequence: number | undefined;
  readonly rollup: string;
}

const silent: PublishHeaders = {
  id: "",
  stream: "",
  lastId: "",
  lastSequence: undefined,
  lastSubjectSequence: undefined,
  rollup: "",
};

export function publishHeaders({ bytes, start, headerSize }: Publication): PublishHeaders {
  if (headerSize === 0) return silent;
  const header = bytes.toString("latin1", start, start + headerSize);
  if (!header.includes("\r\nNats-")) return silent;
  return {
    id: valueIn(header, "Nats-Msg-Id"),
    stream: valueIn(header, "Nats-Expected-Stream"),
    lastId: valueIn(header, "Nats-Expected-Last-Msg-Id"),
    lastSequence: sequenceIn(header, "Nats-Expected-Last-Sequence"),
    lastSubjectSequence: sequenceIn(header, "Nats-Expected-Last-Subject-Sequence"),
    rollup: valueIn(header, "Nats-Rollup").toLowerCase(),
  };
}

/** The value of a header, or "". */
export function valueIn(header: string, name: string): string {
  const key = `\r\n${name}:`;
  const at = header.indexOf(key);
  if (at < 0) return "";
  const start = at + key.length;
  return header.slice(start, header.indexOf("\r\n", start)).trimStart();
}

/** Something that is no number is a sequence that no message has. */
function sequenceIn(header: string, name: string): number | undefined {
  const value = valueIn(header, name);
  if (value === "") return undefined;
  return /^\d{1,15}$/.test(value) ? Number(value) : -1;
}
