export { Link } from "./link.js";
export type { NatsMessage } from "./nats-message.js";
export type { LinkObserver, Violation, WhyDown } from "./observer.js";
export type { BackoffBounds, Credentials, LinkOptions } from "./options.js";
export { linkDefaults } from "./options.js";
export type { Origin, PublishOptions } from "./publication.js";
export { parseServer } from "./server-address.js";
export type { LinkState, LinkStatus } from "./status.js";
export type { LinkSubscription, SubscribeOptions, SubscriptionState } from "./subscription.js";
