export type { User } from "./access/authenticator.js";
export type { PermissionRules, ResponseRules, SubjectRules } from "./access/rules.js";
export { type Broker, startBroker } from "./broker.js";
export type { BrokerStats } from "./connection/stats.js";
export { BrokerError, type BrokerErrorCode, isBrokerError } from "./errors.js";
export type { AuthOptions, BrokerOptions, JetStreamOptions } from "./options/broker-options.js";
export type { ConnectionInfo, SubscriptionInfo } from "./server/connection-info.js";
