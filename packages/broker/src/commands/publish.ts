import type { Connection } from "../connection/connection.js";
import { isLiteral } from "../subjects/subjects.js";
import type { Publication } from "../wire/publication.js";
import { quote } from "../wire/quote.js";
import { fatal, Violation } from "../wire/violation.js";

/** A cluster's own subjects: nobody publishes to them. */
const routedSubject = "_GR_.";
/** Reply subjects that nats-server keeps for itself. */
const reservedReplies = ["_R_.", "$JS.ACK.", routedSubject] as const;

/** PUB and HPUB, when their line has been read: what can be refused before the payload comes. */
export function checkPublication(connection: Connection, publication: Publication): void {
  if (publication.size > connection.shared.settings.maxPayload) throw new Violation(fatal.maxPayload);
  // A pedantic client is told, and its message is delivered all the same.
  if (connection.options.pedantic && !isLiteral(publication.subject)) connection.sendError("Invalid Publish Subject");
}

/** PUB and HPUB, when their payload is there: permissions, delivery, and the news that nobody was there. */
export function publish(connection: Connection, publication: Publication): void {
  const { counters, router } = connection.shared;
  connection.heartbeat.active();
  counters.inMsgs++;
  counters.inBytes += publication.size;
  const refusal = refuse(connection, publication);
  if (refusal !== undefined) {
    connection.sendError(refusal);
    return;
  }
  connection.sendOk();
  const delivered = router.route(connection, publication);
  if (!delivered && publication.hasReply && connection.options.no_responders) tellNoResponders(connection, publication);
}

function refuse(connection: Connection, publication: Publication): string | undefined {
  const { subject } = publication;
  if (isBelow(subject, routedSubject) || !connection.permissions.mayPublish(subject)) {
    return `Permissions Violation for Publish to ${quote(subject)}`;
  }
  if (!publication.hasReply) return undefined;
  const { reply } = publication;
  const reserved = reply.startsWith(reservedReplies[0]) || reservedReplies.some((prefix) => isBelow(reply, prefix));
  return reserved ? `Permissions Violation for Publish with Reply of ${quote(reply)}` : undefined;
}

const isBelow = (subject: string, prefix: string): boolean =>
  subject.length > prefix.length && subject.startsWith(prefix);

/** The 503 goes to the publisher alone, past echo, maximum and count of the subscription that it comes in on. */
function tellNoResponders(connection: Connection, publication: Publication): void {
  const { reply } = publication;
  const subscription = connection.shared.router.find(connection, reply);
  if (subscription === undefined) return;
  connection.sendKey(`HMSG ${reply} ${subscription.sidKey} 16 16\r\nNATS/1.0 503\r\n\r\n\r\n`);
}
