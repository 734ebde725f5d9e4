// docs/protocol.md, clauses S-1 to S-8, E-1, I-1 and D-1.

/**
 * The queue group of every mailbox. It is the service API's default, so that other kinds of responders share the work.
 */
export const queueGroup = "q";

/** The subject of a message that any instance may take. */
export function messageSubject(prefix: string | undefined, mailbox: string, message: string): string {
  const own = `muove.${mailbox}.${message}`;
  return prefix === undefined ? own : `${prefix}.${own}`;
}

/** Stands in place of a message's name when a caller gives up. Message names never start with an underscore. */
export const cancelToken = "_cancel";

/** The subject at which every instance of a mailbox learns that a caller gave up. */
export function cancelSubject(prefix: string | undefined, mailbox: string): string {
  return messageSubject(prefix, mailbox, cancelToken);
}

/** The subject of a message to one instance; `*` for all messages. */
export function instanceSubject(
  prefix: string | undefined,
  mailbox: string,
  instance: string,
  message: string,
): string {
  return messageSubject(prefix, mailbox, `_i.${instance}.${message}`);
}

/** The subject of a message that any instance with these tags may take. `tags` is one token; see `tagToken`. */
export function tagsSubject(prefix: string | undefined, mailbox: string, tags: string, message: string): string {
  return messageSubject(prefix, mailbox, `_t.${tags}.${message}`);
}

/** The subject of a message to every instance; `*` for all messages. */
export function everyoneSubject(prefix: string | undefined, mailbox: string, message: string): string {
  return messageSubject(prefix, mailbox, `_all.${message}`);
}

/** Stands in place of a message's name in a presence query. */
export const watchToken = "_watch";

/** The subject of an instance's presence messages; `*` for all services, or for all their instances. */
export function presenceSubject(
  prefix: string | undefined,
  mailbox: string,
  service: string,
  instance: string,
): string {
  const own = `muove-presence.${mailbox}.${service}.${instance}`;
  return prefix === undefined ? own : `${prefix}.${own}`;
}

/** The subject of a mailbox's event. */
export function eventSubject(prefix: string | undefined, mailbox: string, event: string): string {
  return messageSubject(prefix, mailbox, `_event.${event}`);
}

/**
 * The subjects of NATS service API queries to all services. They have no prefix, because tools use fixed subjects. Not
 * `$SRV.*`: nats-server lets a user who may subscribe to that subscribe to `$SRV.>` too.
 */
export const serviceApiSubjects = ["PING", "INFO", "STATS"].map((verb) => `$SRV.${verb}`);

/** The subjects of queries, for every verb, to the services of a name or to one instance. */
export const serviceApiSubject = (name: string, instance?: string): string =>
  ["$SRV", "*", name, instance].filter((token) => token !== undefined).join(".");

/** Whether a subject belongs to the NATS service API. */
export const isServiceApiSubject = (subject: string): boolean => subject.startsWith("$SRV.");

/**
 * Replies to a bus go to `<this>.<token>`. Services may publish under the first token, to answer. The second token is
 * the service, so that permissions can keep all others from listening there.
 */
export function inboxPrefix(service: string, instance: string): string {
  return `_INBOX_muove.${service}.${instance}`;
}
