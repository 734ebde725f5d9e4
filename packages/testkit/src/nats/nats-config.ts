import type { BrokerOptions } from "@muove/broker";
import { rule } from "../options.js";

/**
 * What the embedded broker and a real server both understand; names, units (ms, bytes) and defaults are those of the
 * embedded broker's options, where they are documented one by one.
 *
 * A real server demands a `lameDuckDuration` of 30,000 or more.
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
