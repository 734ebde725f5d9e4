// docs/protocol.md, clauses S-1 to S-4 and I-1.

/** The queue group of every mailbox: the service API's default, so that a responder of another kind shares the work. */
export const queueGroup = "q";

/** Where a message of a mailbox goes when any instance may take it. */
export function messageSubject(prefix: string | undefined, mailbox: string, message: string): string {
  const own = `muove.${mailbox}.${message}`;
  return prefix === undefined ? own : `${prefix}.${own}`;
}

/** Where every instance of a mailbox learns that a caller gave up. No message's name starts with an underscore. */
export function cancelSubject(prefix: string | undefined, mailbox: string): string {
  return messageSubject(prefix, mailbox, "_cancel");
}

/** What the replies to one bus come to: `<this>.<token>`. The first token is per service, so that permissions can close it. */
export function inboxPrefix(service: string, instance: string): string {
  return `_INBOX_${service}.${instance}`;
}
