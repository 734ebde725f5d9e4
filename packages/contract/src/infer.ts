import type { CallDefinition, ErrorSchemas } from "./call.js";
import type { CastDefinition } from "./cast.js";
import type { EventDefinition } from "./event.js";
import type { Message, Messages } from "./mailbox.js";
import type { Gives, Takes } from "./schema.js";

/** What a sender, or an event's publisher, gives: the input as the schema takes it. */
export type Input<M extends Message> = Takes<M["input"]>;

/** What a handler, or an event's listener, gets: the input as the schema gives it. */
export type HandlerInput<M extends Message> = Gives<M["input"]>;

/** What a caller gets: the output as the schema gives it. */
export type Output<C extends CallDefinition> = Gives<C["output"]>;

/** What a handler may give back: the output as the schema takes it. */
export type HandlerOutput<C extends CallDefinition> = Takes<C["output"]>;

/** A declared error as the caller sees it; `never` where the call declares none. */
export type DeclaredError<C extends CallDefinition> = ErrorUnion<C["errors"]>;

type ErrorUnion<E extends ErrorSchemas> = {
  readonly [Code in keyof E & string]: { readonly code: Code; readonly data: Gives<E[Code]> };
}[keyof E & string];

/** The codes that a call declares. */
export type ErrorCode<C extends CallDefinition> = keyof C["errors"] & string;

/** What a handler gives with an error's code. */
export type ErrorData<C extends CallDefinition, Code extends ErrorCode<C>> = Takes<C["errors"][Code]>;

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
