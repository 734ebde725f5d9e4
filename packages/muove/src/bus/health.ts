import type { MissingPeer } from "../peers/peer.js";
import type { Receiver } from "../serve/receiver.js";
import type { Core } from "./parts.js";

/**
 * How a service is, for its supervisor and for people. A missing peer, NATS included, makes it degraded and nothing else:
 * a restart would not bring the peer back, and taking the service out of traffic would turn one absence into two.
 */
export interface Health {
  /** False: only a restart helps. A mailbox, or a listener, has as many handlers as slots that have outlived the time which their owner gives them. */
  readonly live: boolean;
  /** False: send it no work. It is closing, or the permissions of its NATS user refuse a mailbox that it serves, an event that it listens to, or its inbox. */
  readonly ready: boolean;
  /** True: it works, but not with everything that it uses; `missing` says what. */
  readonly degraded: boolean;
  /** Why it is not live or not ready, in sentences. */
  readonly problems: readonly string[];
  /** Who did not answer, the last time that it was called, and since when; `nats` while there is no connection. */
  readonly missing: readonly (MissingPeer | MissingNats)[];
}

export interface MissingNats {
  readonly address: "nats";
  readonly reason: "unreachable";
  /** In ms since the epoch. */
  readonly since: number;
}

/** The health of a bus at this moment. */
export function healthOf(core: Core, receivers: readonly Receiver[], closing: boolean): Health {
  const stuck = receivers.filter(({ work }) => work.stuck).map(stuckProblem);
  const forbidden = receivers.flatMap((receiver) =>
    receiver.shut.map((subject) => forbiddenProblem(receiver, subject)),
  );
  const deaf = core.inbox.forbidden ? [deafProblem] : [];
  const unready = [...(closing ? ["it is closing"] : []), ...forbidden, ...deaf];
  const missing = [...missingNats(core), ...core.peers.missing()];
  return {
    live: stuck.length === 0,
    ready: unready.length === 0,
    degraded: missing.length > 0,
    problems: [...stuck, ...unready],
    missing,
  };
}

const deafProblem =
  "it can call nobody: the permissions of its NATS user refuse its inbox, the subjects that begin with _INBOX_muove and its name";

const stuckProblem = ({ label }: Receiver): string =>
  `${label} is stuck: all its slots went to handlers that have outlived their time and still run`;

const forbiddenProblem = ({ label }: Receiver, subject: string): string =>
  `${label} cannot be opened: the permissions of this service's NATS user refuse ${subject}`;

function missingNats({ link }: Core): MissingNats[] {
  const { state, since } = link.status;
  return state === "up" ? [] : [{ address: "nats", reason: "unreachable", since }];
}
