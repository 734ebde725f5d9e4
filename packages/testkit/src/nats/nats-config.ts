import type { BrokerOptions } from "@muove/broker";
import { rule } from "../options.js";

/**
 * Options that both the embedded broker and a real server support. Names, units (ms, bytes) and defaults are those of
 * the embedded broker's options, which are documented there.
 *
 * A real server requires a `lameDuckDuration` of at least 30,000.
 */
export type NatsConfig = Pick<
  BrokerOptions,
  | "auth"
  | "permissions"
  | "maxPayload"
  | "maxControlLine"
  | "maxConnections"
  | "maxPending"
  | "pingInterval"
  | "maxPingsOut"
  | "writeDeadline"
  | "authTimeout"
  | "lameDuckDuration"
  | "lameDuckGracePeriod"
>;

export const configRules = {
  auth: rule.record,
  permissions: rule.record,
  maxPayload: rule.count,
  maxControlLine: rule.count,
  maxConnections: rule.count,
  maxPending: rule.count,
  pingInterval: rule.milliseconds,
  maxPingsOut: rule.count,
  writeDeadline: rule.milliseconds,
  authTimeout: rule.milliseconds,
  lameDuckDuration: rule.milliseconds,
  lameDuckGracePeriod: rule.milliseconds,
} satisfies Record<keyof NatsConfig, unknown>;
