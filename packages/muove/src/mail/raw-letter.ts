import type { Mailbox } from "@muove/contract";
import { issuesInWords, plainText, validate } from "@muove/contract/internal";
import { decode, Malformed } from "../codec/index.js";
import type { ApiResult, JetStreamApi } from "../jetstream/api.js";
import { type HeaderBlock, readRequestHeaders } from "../wire/headers.js";
import { readLetterId } from "../wire/letter-headers.js";
import { isMissing, mailError } from "./mail-error.js";

/** A message as a stream keeps it. */
export interface RawLetter {
  readonly subject: string;
  readonly sequence: number;
  readonly headers: HeaderBlock;
  readonly payload: Uint8Array;
  /** When it was stored there, as the server writes it. */
  readonly time: string;
}

/** Which message of a stream: that one, or the first one from there on whose subject matches. */
export type Wanted = { readonly seq: number } | { readonly seq: number; readonly next_by_subj: string };

/**
 * Reads one message of a stream; `undefined` if there is none.
 *
 * @throws MailError
 */
export async function readRawLetter(
  api: JetStreamApi,
  stream: string,
  wanted: Wanted,
  what: string,
): Promise<RawLetter | undefined> {
  const result: ApiResult = await api.request(`STREAM.MSG.GET.${stream}`, wanted);
  if (result.kind !== "reply") {
    if (isMissing(result)) return undefined;
    throw mailError(what, result);
  }
  const { subject, seq, hdrs, data, time } = (result.body.message ?? {}) as Readonly<Record<string, unknown>>;
  return {
    subject: String(subject ?? ""),
    sequence: typeof seq === "number" ? seq : 0,
    headers: Buffer.from(String(hdrs ?? ""), "base64").toString("latin1"),
    payload: Buffer.from(String(data ?? ""), "base64"),
    time: String(time ?? ""),
  };
}

/** What every letter tells, wherever it lies. */
export interface LetterContent {
  /** See `ctx.id`. */
  readonly id: string;
  /** `<service>/<instance>`, as its sender says. */
  readonly from: string | undefined;
  /** Its input, if this contract allows it; else `problem` says why not. */
  readonly input: unknown;
  readonly problem: string | undefined;
  readonly payload: Uint8Array;
}

/** @param stream that keeps it, which is part of its id if its sender gave it none. */
export function contentOf({ messages }: Mailbox, message: string, stream: string, raw: RawLetter): LetterContent {
  const { headers, payload, sequence } = raw;
  const { from } = readRequestHeaders({ headers });
  return {
    id: readLetterId(headers) ?? `${stream}/${sequence}`,
    from,
    ...inputIn(messages[message], message, payload),
    payload,
  };
}

function inputIn(definition: Mailbox["messages"][string] | undefined, message: string, payload: Uint8Array) {
  if (definition === undefined)
    return { input: undefined, problem: `this contract has no message ${plainText(message)}` };
  try {
    const { value, issues } = validate(definition.input, decode(payload).value, message);
    return issues === undefined
      ? { input: value, problem: undefined }
      : { input: undefined, problem: issuesInWords(issues) };
  } catch (error) {
    return { input: undefined, problem: error instanceof Malformed ? error.reason : "the schema of its input failed" };
  }
}

/** The last token of a subject: the message. */
export const messageIn = (subject: string): string => subject.slice(subject.lastIndexOf(".") + 1);

/** A time of the API, in ms since the epoch. */
export const timeIn = (text: string): number => Math.floor(Date.parse(text));
