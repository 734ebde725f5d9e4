import type { Inbox } from "../inbox/inbox.js";
import type { Link, LinkSubscription, RefusalReason } from "../link/index.js";
import type { MissingPeer, Peers } from "../peers/peer.js";
import type { Receiver } from "../serve/receiver.js";

/**
 * The health of a service, for its supervisor and for people. A missing peer, NATS included, only makes it degraded: a
 * restart would not bring the peer back, and taking the service out of traffic would make two services fail instead of
 * one.
 */
export interface Health {
  /**
   * False: only a restart helps. A mailbox or a listener has as many handlers that exceeded their `handlerTimeout` as slots.
   */
  readonly live: boolean;
  /**
   * False: send it no traffic, and do not let it replace others. It is closing; it has mailboxes or listeners and has
   * not been connected to NATS yet (see `readyWhen` of `connect()`); or NATS refuses one of its mailboxes, one of its
   * listeners, or its inbox, by permissions or by the limit of subscriptions. It tries those again, and heals when NATS
   * lets it. A connection that is lost later only makes it degraded.
   */
  readonly ready: boolean;
  /**
   * True: it works, but something that it uses is missing; see `missing`. It turns false when all of that answers, or
   * was not called for a minute.
   */
  readonly degraded: boolean;
  /** Why it is not live or not ready. */
  readonly problems: readonly string[];
  /**
   * What works, and puts letters at risk: mail that is kept on one server only, and streams and consumers that are not as
   * the contract says.
   */
  readonly warnings: readonly string[];
  /**
   * The addresses that did not answer their last call, and since when; `nats` comes first while there is no connection,
   * then those that were called last. At most 16. An address that was not called for a minute is not among them.
   */
  readonly missing: readonly (MissingPeer | MissingNats)[];
  /** How many are missing, also beyond those 16. */
  readonly missingCount: number;
}

export interface MissingNats {
  readonly address: "nats";
  readonly reason: "unreachable";
  /** In ms since the epoch. */
  readonly since: number;
}

/** What gets messages: a mailbox, a listener or a letterbox. */
interface Served {
  readonly label: string;
  readonly blockedBy: readonly LinkSubscription[];
  readonly work: Pick<Receiver["work"], "stuck">;
  /** Why it cannot work, for another reason than permissions. */
  readonly problem?: string | undefined;
  /** What is to be known of it, though it works. */
  readonly warnings?: readonly string[];
}

/** What health depends on, beside what is served. */
interface HealthSources {
  readonly link: Link;
  readonly inbox: Inbox;
  readonly readyWhen: "connected" | "started";
  readonly peers: Peers;
}

/** How many missing peers are named. */
const maxNamed = 16;

export function healthOf(
  { link, inbox, readyWhen, peers }: HealthSources,
  receivers: readonly Served[],
  closing: boolean,
): Health {
  const stuck = receivers.filter(({ work }) => work.stuck).map(stuckProblem);
  const forbidden = receivers.flatMap((receiver) =>
    receiver.blockedBy.map((subscription) => forbiddenProblem(receiver, subscription)),
  );
  const refused = inbox.forbidden ? [inboxProblem(inbox)] : [];
  const neverWorked = readyWhen === "connected" && receivers.length > 0 ? neverConnected(link) : [];
  const unkept = receivers.flatMap(({ label, problem }) => (problem === undefined ? [] : [`${label}: ${problem}`]));
  const unready = [...(closing ? ["it is closing"] : []), ...neverWorked, ...forbidden, ...refused, ...unkept];
  const missing = [...missingNats(link), ...peers.missing()];
  return {
    live: stuck.length === 0,
    ready: unready.length === 0,
    degraded: missing.length > 0,
    problems: [...stuck, ...unready],
    warnings: receivers.flatMap(({ warnings = [] }) => warnings),
    missing: missing.slice(0, maxNamed),
    missingCount: missing.length,
  };
}

const inboxProblem = ({ refusal }: Inbox): string =>
  `it cannot make calls: ${refusalText(refusal, "its inbox, the subjects that begin with _INBOX_muove and its name")}`;

const stuckProblem = ({ label }: Served): string =>
  `${label} is stuck: as many handlers as it has slots exceeded their time and are still running`;

const forbiddenProblem = ({ label }: Served, { subject, refusal }: LinkSubscription): string =>
  `${label} cannot open: ${refusalText(refusal, subject)}`;

const refusalText = (reason: RefusalReason | undefined, what: string): string =>
  reason === "limit"
    ? `NATS gives this connection no more subscriptions, as for ${what}`
    : `NATS permissions refuse ${what}`;

function neverConnected(link: Link): string[] {
  const { state, lastError } = link.status;
  if (state !== "connecting") return [];
  return [`it has not been connected to NATS yet${lastError === undefined ? "" : `: ${lastError.message}`}`];
}

function missingNats(link: Link): MissingNats[] {
  const { state, since } = link.status;
  return state === "up" ? [] : [{ address: "nats", reason: "unreachable", since }];
}
