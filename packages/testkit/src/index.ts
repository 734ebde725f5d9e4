export { TestkitError, type TestkitErrorCode } from "./errors.js";
export { type EventuallyOptions, eventually } from "./eventually.js";
export { freePort } from "./free-port.js";
export type { ClusterOptions } from "./kit/cluster.js";
export { type Testkit, testkit } from "./kit/testkit.js";
export { findNatsServer } from "./nats/find-nats-server.js";
export type { Nats } from "./nats/nats.js";
export type { NatsConfig } from "./nats/nats-config.js";
export type {
  ContainerOptions,
  EmbeddedOptions,
  NatsOptions,
  RemoteOptions,
  ServerOptions,
} from "./nats/nats-options.js";
export type { Exit } from "./process/managed-process.js";
export type { BlackHoleOptions, Direction, NatsProxy } from "./proxy/proxy.js";
export type { Service, Terminated } from "./service/service.js";
export type { ServiceOptions } from "./service/service-options.js";
export type { Flooded } from "./traffic/flood.js";
export type { FloodOptions } from "./traffic/flood-options.js";
export type { GarbageOptions, GarbageSent } from "./traffic/garbage.js";
export { type HostileKind, type HostileMessage, hostileKinds, hostileMessages } from "./traffic/hostile.js";
