export * from "@muove/contract";
export type { Address } from "./address/address.js";
export type { GivenMetadata, WithMetadata } from "./address/given-metadata.js";
export type { Tags } from "./address/tags.js";
export { InvalidInput } from "./base/invalid-input.js";
export { InvalidOptions } from "./base/invalid-options.js";
export type { Logger, LogMethod } from "./base/logger.js";
export { Bus, type Listener, type Served, type WithinOptions } from "./bus/bus.js";
export type { CloseOptions } from "./bus/close.js";
export { connect } from "./bus/connect.js";
export type { ConnectedOptions } from "./bus/connected.js";
export type { Health, MissingNats } from "./bus/health.js";
export { type HealthHandlerOptions, healthHandler } from "./bus/health-handler.js";
export type { ConnectOptions } from "./bus/options.js";
export { type ProvisionOptions, provisionMail } from "./bus/provision-mail.js";
export type {
  BusStatus,
  ConnectionStatus,
  ListenerStatus,
  MailboxStatus,
  PeerStatus,
  ReceiverStatus,
} from "./bus/status.js";
export type { SendAddition, Steps } from "./bus/steps.js";
export { type SupervisedOptions, supervised } from "./bus/supervised.js";
export type { InstanceOutcome } from "./call/broadcast.js";
export type { Answered, Call } from "./call/call.js";
export type { CallOptions } from "./call/call-options.js";
export type { ToAllOptions } from "./call/send-call.js";
export type { Sending } from "./call/send-steps.js";
export type { CastOptions } from "./cast/casts.js";
export type { Receipt } from "./cast/receipt.js";
export type {
  CallMethod,
  CastMethod,
  Client,
  Everyone,
  LetterMethod,
  LetterNames,
  Publish,
  ToAllMethod,
} from "./client/client.js";
export type { Publisher } from "./client/publisher.js";
export type { Sender, Within } from "./client/sender.js";
export { type FallbackClient, type Fallbacks, withFallback } from "./client/with-fallback.js";
export { type Encoding, Unencodable } from "./codec/index.js";
export { type FallbackChain, type None, none, type PartialFallback, type TotalFallback } from "./fallback/fallback.js";
export { FallbackError } from "./fallback/fallback-error.js";
export { type LastKnown, type LastKnownOptions, lastKnown } from "./fallback/last-known.js";
export type { LetterFigures, MessageLetters } from "./letters/letter-figures.js";
export type { LetterOptions } from "./letters/letter-options.js";
export type { LetterReceipt, NotStored, NotStoredReason, Stored } from "./letters/receipt.js";
export type { Credentials, CredentialsProvider, Identity, Login, TlsOptions } from "./link/index.js";
export type {
  DeadFilter,
  DeadLetterEntry,
  DeadListOptions,
  DeadMail,
  DeadMailLetter,
  DeadPage,
  ResendOptions,
  Resent,
} from "./mail/dead-mail.js";
export type { KeptLetter, KeptMail } from "./mail/kept-mail.js";
export { MailError, type MailErrorReason } from "./mail/mail-error.js";
export type { Provision, ProvisionStep } from "./mail/provision.js";
export type { LetterContent } from "./mail/raw-letter.js";
export { InvalidMetadata } from "./metadata/invalid-metadata.js";
export type { Answer } from "./outcome/answer.js";
export type { BusEvents } from "./outcome/bus-events.js";
export { CallError } from "./outcome/call-error.js";
export type { Counts, OutcomeCounts } from "./outcome/counts.js";
export type { DeadLetter } from "./outcome/dead-letter.js";
export type * from "./outcome/outcome.js";
export type { MissingPeer } from "./peers/peer.js";
export type { Member } from "./presence/member.js";
export type { Down, Monitor } from "./presence/monitor.js";
export type { Departure } from "./presence/roster.js";
export { type Failure, isFailure } from "./serve/failure.js";
export type { CastContext, Context, EventContext, Fail, LetterContext, StepContext } from "./serve/handler-context.js";
export type { HandlerStep, StepAnswer } from "./serve/handler-steps.js";
export type { HandlerTimeouts } from "./serve/handler-timeout.js";
export type { CallHandler, CastHandler, ContextOf, Handlers } from "./serve/handlers.js";
export type { LetterDisposition } from "./serve/held-letter.js";
export type { EventHandler, ListenOptions } from "./serve/open-listener.js";
export type { ReceiverState } from "./serve/receiver.js";
export type { LetterCapacity, ServeOptions } from "./serve/serve-options.js";
export type { DeadReason } from "./wire/letter-headers.js";
export { TooLarge } from "./wire/too-large.js";
