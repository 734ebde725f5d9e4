export { type CallDefinition, type CallDefinitionOptions, call, type ErrorSchemas } from "./call.js";
export { type CastDefinition, type CastDefinitionOptions, cast } from "./cast.js";
export type { Durable, DurableOptions } from "./durable.js";
export { isMuoveError, MuoveError } from "./error.js";
export { type EventDefinition, type EventDefinitionOptions, type EventReference, event } from "./event.js";
export type {
  CallNames,
  CastNames,
  DeclaredError,
  ErrorCode,
  ErrorData,
  EventNames,
  HandlerInput,
  HandlerOutput,
  Input,
  Output,
} from "./infer.js";
export { InvalidContract } from "./invalid-contract.js";
export type { Mail, MailOptions } from "./mail.js";
export {
  type EventReferences,
  type Mailbox,
  type MailboxOptions,
  type Message,
  type Messages,
  mailbox,
} from "./mailbox.js";
export type { WhenUnreachable } from "./one-way.js";
export type { Schema } from "./schema.js";
export type { Issue } from "./validate.js";
