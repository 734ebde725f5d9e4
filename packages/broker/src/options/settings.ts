import type { Auth } from "../access/authenticator.js";
import type { PermissionRules } from "../access/rules.js";

/** How JetStream is run. */
export interface JetStreamSettings {
  readonly maxBytes: number;
  /** Undefined: in memory only. */
  readonly folder: string | undefined;
}

/** The options of a broker: complete, checked and frozen. Times are in ms, sizes in bytes. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly serverName: string;
  readonly auth: Auth;
  /** The permissions of users without their own. */
  readonly permissions: PermissionRules | undefined;
  readonly maxPayload: number;
  readonly maxControlLine: number;
  readonly maxConnections: number;
  readonly maxPending: number;
  readonly maxHeld: number;
  readonly maxSubscriptions: number;
  readonly maxSubscriptionMemory: number;
  /** How it runs JetStream, if it does. */
  readonly jetStream: JetStreamSettings | undefined;
  readonly pingInterval: number;
  readonly maxPingsOut: number;
  readonly writeDeadline: number;
  readonly authTimeout: number;
  readonly lameDuckDuration: number;
  readonly lameDuckGracePeriod: number;
}
