import type { Connection } from "../connection/connection.js";
import { isLiteral } from "../subjects/subjects.js";
import type { Publication } from "../wire/publication.js";
import { quote } from "../wire/quote.js";
import { fatal, Violation } from "../wire/violation.js";

/** Internal subjects of clusters, which no client may publish to. */
const routedSubject = "_GR_.";
/** Reply subjects that nats-server reserves. */
const reservedReplies = ["_R_.", "$JS.ACK.", routedSubject] as const;

/** PUB and HPUB after their control line: checks that need no payload. */
export function checkPublication(connection: Connection, publication: Publication): void {
  if (publication.size > connection.shared.settings.maxPayload) throw new Violation(fatal.maxPayload);
  // A pedantic client gets an error, but its message is delivered.
  if (connection.options.pedantic && !isLiteral(publication.subject)) connection.sendError("Invalid Publish Subject");
}

/** PUB and HPUB with their payload: permissions, delivery, and "no responders". */
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

/** The 503 goes to the publisher only, and bypasses echo, maximum and count of the subscription that receives it. */
function tellNoResponders(connection: Connection, publication: Publication): void {
  const { reply } = publication;
  const subscription = connection.shared.router.find(connection, reply);
  if (subscription === undefined) return;
  connection.sendKey(`HMSG ${reply} ${subscription.sidKey} 16 16\r\nNATS/1.0 503\r\n\r\n\r\n`);
}
