import type { CallDefinition, ErrorSchemas } from "./call.js";
import type { CastDefinition } from "./cast.js";
import type { EventDefinition } from "./event.js";
import type { Message, Messages } from "./mailbox.js";
import type { SchemaInput, SchemaOutput } from "./schema.js";

/** What a sender or publisher passes: the input type of the schema. */
export type Input<M extends Message> = SchemaInput<M["input"]>;

/** What a handler or listener gets: the output type of the input schema. */
export type HandlerInput<M extends Message> = SchemaOutput<M["input"]>;

/** What a caller gets: the output type of the output schema. */
export type Output<C extends CallDefinition> = SchemaOutput<C["output"]>;

/** What a handler may return: the input type of the output schema. */
export type HandlerOutput<C extends CallDefinition> = SchemaInput<C["output"]>;

/** A declared error as the caller sees it; `never` if the call declares none. */
export type DeclaredError<C extends CallDefinition> = ErrorUnion<C["errors"]>;

type ErrorUnion<E extends ErrorSchemas> = {
  readonly [Code in keyof E & string]: { readonly code: Code; readonly data: SchemaOutput<E[Code]> };
}[keyof E & string];

/** The codes that a call declares. */
export type ErrorCode<C extends CallDefinition> = keyof C["errors"] & string;

/** The data that a handler passes with an error code. */
export type ErrorData<C extends CallDefinition, Code extends ErrorCode<C>> = SchemaInput<C["errors"][Code]>;

/** The names of the messages that are calls. */
export type CallNames<M extends Messages> = {
  [Name in keyof M & string]: M[Name] extends CallDefinition ? Name : never;
}[keyof M & string];

/** The names of the messages that are casts. */
export type CastNames<M extends Messages> = {
  [Name in keyof M & string]: M[Name] extends CastDefinition ? Name : never;
}[keyof M & string];

/** The names of the messages that are events. */
export type EventNames<M extends Messages> = {
  [Name in keyof M & string]: M[Name] extends EventDefinition ? Name : never;
}[keyof M & string];
