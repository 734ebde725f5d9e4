import type { Tags } from "../address/tags.js";
import type { Logger } from "../base/logger.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Peers } from "../peers/peer.js";
import type { Answers } from "../wire/answers.js";

/** What a presence query needs. */
export interface QueryEnvironment {
  readonly link: Link;
  readonly inbox: Inbox;
  readonly prefix: string | undefined;
}

/** What a watch needs. */
export interface WatchEnvironment extends QueryEnvironment {
  readonly log: Logger;
}

/** What announcing this instance needs. */
export interface PresenceEnvironment {
  readonly service: string;
  readonly instance: string;
  readonly tags: Tags;
  readonly prefix: string | undefined;
  readonly link: Link;
  readonly answers: Answers;
  readonly events: BusEmitter;
  readonly peers: Peers;
}
