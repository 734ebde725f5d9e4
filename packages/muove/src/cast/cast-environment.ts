import type { Logger } from "../base/logger.js";
import type { SendSteps } from "../call/send-steps.js";
import type { Encoding } from "../codec/index.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import type { MetadataRules } from "../metadata/metadata.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";

/** What casts and events need from their bus. */
export interface CastEnvironment {
  /** The sender: `<service>/<instance>`. */
  readonly from: string;
  readonly prefix: string | undefined;
  readonly encoding: Encoding;
  readonly link: Link;
  readonly inbox: Inbox;
  readonly counts: Counts;
  readonly events: BusEmitter;
  readonly log: Logger;
  readonly metadata: MetadataRules;
  readonly sendSteps: SendSteps;
}
