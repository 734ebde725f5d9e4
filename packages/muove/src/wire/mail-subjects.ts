import { createHash } from "node:crypto";

// docs/protocol.md, clauses L-1 to L-3.

/** The subjects and names of one mailbox's kept mail. */
export interface MailNames {
  /** Of the stream that keeps its letters, and of the one that keeps the dead ones. */
  readonly stream: string;
  readonly deadStream: string;
  /** Where a sender puts a letter. */
  letter(message: string): string;
  /** Where an owner puts a letter whose time has come again. Senders may not publish there. */
  again(message: string): string;
  /** Where an owner puts a letter aside, at one of the levels of pauses. */
  retry(level: number | "*", message: string): string;
  /** Where an owner buries a letter. */
  dead(message: string): string;
}

export function mailNames(prefix: string | undefined, mailbox: string): MailNames {
  const own = `muove-mail.${mailbox}.`;
  const root = prefix === undefined ? own : `${prefix}.${own}`;
  const name = streamName(prefix, mailbox);
  return {
    stream: `MUOVE-MAIL_${name}`,
    deadStream: `MUOVE-DEAD_${name}`,
    letter: (message) => `${root}d.${message}`,
    again: (message) => `${root}again.${message}`,
    retry: (level, message) => `${root}retry.${level}.${message}`,
    dead: (message) => `${root}dead.${message}`,
  };
}

/** The kinds of subjects that a letter can be delivered from. */
export type LetterPlace = "d" | "again" | "retry";

/** Where a delivered letter lay, and its message; `undefined` for any other subject. */
export function readMailSubject(
  names: MailNames,
  subject: string,
): { readonly place: LetterPlace; readonly message: string } | undefined {
  const root = names.letter("").slice(0, -"d.".length);
  if (!subject.startsWith(root)) return undefined;
  const [place, ...rest] = subject.slice(root.length).split(".");
  const message = rest.at(-1) ?? "";
  if (place === "d" || place === "again") return rest.length === 1 ? { place, message } : undefined;
  return place === "retry" && rest.length === 2 ? { place, message } : undefined;
}

/** No two mailboxes share a name: the hash is of the prefix and the mailbox, and the words are for people. */
function streamName(prefix: string | undefined, mailbox: string): string {
  const hash = createHash("sha256")
    .update(`${prefix ?? ""} ${mailbox}`)
    .digest("hex")
    .slice(0, 8);
  const words = prefix === undefined ? mailbox : `${prefix.replaceAll(".", "-").slice(0, 64)}_${mailbox}`;
  return `${words}_${hash}`;
}
