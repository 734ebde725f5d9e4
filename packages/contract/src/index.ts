export { type CallDefinition, type CallDefinitionOptions, call, type ErrorSchemas } from "./call.js";
export { type CastDefinition, type CastDefinitionOptions, cast, type WhenUnreachable } from "./cast.js";
export { isMuoveError, MuoveError } from "./error.js";
export type {
  CallNames,
  CastNames,
  DeclaredError,
  ErrorCode,
  ErrorData,
  HandlerInput,
  HandlerOutput,
  Input,
  Output,
} from "./infer.js";
export { InvalidContract } from "./invalid-contract.js";
export { type Mailbox, type MailboxOptions, type Message, type Messages, mailbox } from "./mailbox.js";
export type { Schema } from "./schema.js";
export type { Issue } from "./validate.js";
