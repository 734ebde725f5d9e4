// docs/protocol.md, clauses S-1 to S-8, E-1, I-1 and D-1.

/** The queue group of every mailbox: the service API's default, so that a responder of another kind shares the work. */
export const queueGroup = "q";

/** Where a message of a mailbox goes when any instance may take it. */
export function messageSubject(prefix: string | undefined, mailbox: string, message: string): string {
  const own = `muove.${mailbox}.${message}`;
  return prefix === undefined ? own : `${prefix}.${own}`;
}

/** In place of a message's name, none of which starts with an underscore: a caller gave up. */
export const cancelToken = "_cancel";

/** Where every instance of a mailbox learns that a caller gave up. */
export function cancelSubject(prefix: string | undefined, mailbox: string): string {
  return messageSubject(prefix, mailbox, cancelToken);
}

/** Where one instance of a mailbox takes a message; `*` for whatever it is sent. */
export function instanceSubject(
  prefix: string | undefined,
  mailbox: string,
  instance: string,
  message: string,
): string {
  return messageSubject(prefix, mailbox, `_i.${instance}.${message}`);
}

/** Where a message goes when any instance with these tags may take it. `tags` is one token: see `tagToken`. */
export function tagsSubject(prefix: string | undefined, mailbox: string, tags: string, message: string): string {
  return messageSubject(prefix, mailbox, `_t.${tags}.${message}`);
}

/** Where every instance of a mailbox takes a message; `*` for whatever they are sent. */
export function everyoneSubject(prefix: string | undefined, mailbox: string, message: string): string {
  return messageSubject(prefix, mailbox, `_all.${message}`);
}

/** In place of a message's name: somebody asks who is there. */
export const watchToken = "_watch";

/** Where an instance lets monitors know that it is there; `*` for all services, or all of their instances. */
export function presenceSubject(
  prefix: string | undefined,
  mailbox: string,
  service: string,
  instance: string,
): string {
  const own = `muove-presence.${mailbox}.${service}.${instance}`;
  return prefix === undefined ? own : `${prefix}.${own}`;
}

/** Where an event of a mailbox is published. */
export function eventSubject(prefix: string | undefined, mailbox: string, event: string): string {
  return messageSubject(prefix, mailbox, `_event.${event}`);
}

/**
 * Where the questions of the NATS service API to all services come in: they have no prefix, as tools ask there and nowhere else. Not `$SRV.*`:
 * who may subscribe to that may subscribe to `$SRV.>`, too, in the eyes of nats-server.
 */
export const serviceApiSubjects = ["PING", "INFO", "STATS"].map((verb) => `$SRV.${verb}`);

/** Where those come in, for every verb, that are to the services of a name, or to one instance of them. */
export const serviceApiSubject = (name: string, instance?: string): string =>
  ["$SRV", "*", name, instance].filter((token) => token !== undefined).join(".");

/** Whether a subject is one of the NATS service API's own. */
export const isServiceApiSubject = (subject: string): boolean => subject.startsWith("$SRV.");

/**
 * What the replies to one bus come to: `<this>.<token>`. Services may publish under the first token, to answer; the second one is
 * per service, so that permissions let nobody else listen there.
 */
export function inboxPrefix(service: string, instance: string): string {
  return `_INBOX_muove.${service}.${instance}`;
}
