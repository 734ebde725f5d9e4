import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type CallDefinition,
  type CallNames,
  type CastNames,
  call,
  cast,
  type DeclaredError,
  type ErrorCode,
  type ErrorData,
  type EventNames,
  type EventReference,
  event,
  type HandlerInput,
  type HandlerOutput,
  type Input,
  type Mailbox,
  mailbox,
  type Output,
} from "./index.js";

const dayFromString = z.string().transform((text) => new Date(text));

const quote = call({
  input: z.object({ sku: z.string(), quantity: z.string().transform(Number), note: z.string().default("") }),
  output: z.object({ cents: z.int() }),
  errors: { SOLD_OUT: z.object({ until: z.string() }), GONE: z.undefined() },
});
type Quote = typeof quote;

describe("a call", () => {
  test("takes the schema's input from the sender and gives its output to the handler", () => {
    expectTypeOf<Input<Quote>>().toEqualTypeOf<{ sku: string; quantity: string; note?: string | undefined }>();
    expectTypeOf<HandlerInput<Quote>>().toEqualTypeOf<{ sku: string; quantity: number; note: string }>();
  });

  test("has outputs and errors on both sides", () => {
    expectTypeOf<Output<Quote>>().toEqualTypeOf<{ cents: number }>();
    expectTypeOf<HandlerOutput<Quote>>().toEqualTypeOf<{ cents: number }>();
    expectTypeOf<ErrorCode<Quote>>().toEqualTypeOf<"SOLD_OUT" | "GONE">();
    expectTypeOf<ErrorData<Quote, "SOLD_OUT">>().toEqualTypeOf<{ until: string }>();
    expectTypeOf<DeclaredError<Quote>>().toEqualTypeOf<
      | { readonly code: "SOLD_OUT"; readonly data: { until: string } }
      | { readonly code: "GONE"; readonly data: undefined }
    >();
  });

  test("without schemas carries nothing and declares nothing", () => {
    const ping = call();
    expectTypeOf<Input<typeof ping>>().toEqualTypeOf<undefined>();
    expectTypeOf<Output<typeof ping>>().toEqualTypeOf<undefined>();
    expectTypeOf<DeclaredError<typeof ping>>().toEqualTypeOf<never>();
    expectTypeOf<ErrorCode<typeof ping>>().toEqualTypeOf<never>();
  });

  test("may have a default in its output: the schema accepts its own output", () => {
    const definition = call({ output: z.object({ percent: z.int().default(0) }) });
    expectTypeOf<HandlerOutput<typeof definition>>().toEqualTypeOf<{ percent?: number | undefined }>();
    expectTypeOf<Output<typeof definition>>().toEqualTypeOf<{ percent: number }>();
  });

  test("refuses an output schema that does not accept its own output", () => {
    // @ts-expect-error a date cannot be parsed as a string again
    call({ output: dayFromString });
    // @ts-expect-error nor inside an object
    call({ output: z.object({ day: dayFromString }) });
    // @ts-expect-error nor a string that became a number
    call({ output: z.string().transform(Number) });
  });

  test("refuses an error schema that does not accept its own output", () => {
    // @ts-expect-error a date cannot be parsed as a string again
    call({ errors: { EXPIRED: dayFromString } });
    // @ts-expect-error one wrong error is enough
    call({ errors: { EXPIRED: z.object({ on: dayFromString }), GONE: z.undefined() } });
  });

  test("may transform its input into anything: it is parsed once", () => {
    const definition = call({ input: dayFromString });
    expectTypeOf<Input<typeof definition>>().toEqualTypeOf<string>();
    expectTypeOf<HandlerInput<typeof definition>>().toEqualTypeOf<Date>();
  });

  test("has no other options, and none of another type", () => {
    // @ts-expect-error there are no retries to configure here
    call({ retries: 3 });
    // @ts-expect-error ms
    call({ timeout: "250ms" });
    // @ts-expect-error a parser is not a schema
    call({ input: { parse: (value: unknown) => value } });
    // @ts-expect-error a constructor is not a schema
    call({ errors: { GONE: String } });
  });
});

describe("a cast", () => {
  test("has an input and nothing else", () => {
    const repriced = cast({ input: z.object({ cents: z.string().transform(Number) }) });
    expectTypeOf<Input<typeof repriced>>().toEqualTypeOf<{ cents: string }>();
    expectTypeOf<HandlerInput<typeof repriced>>().toEqualTypeOf<{ cents: number }>();
    // @ts-expect-error nobody answers a cast
    cast({ output: z.string() });
  });
});

describe("an event", () => {
  test("has an input and nothing else", () => {
    const placed = event({ input: z.object({ cents: z.string().transform(Number) }) });
    expectTypeOf<Input<typeof placed>>().toEqualTypeOf<{ cents: string }>();
    expectTypeOf<HandlerInput<typeof placed>>().toEqualTypeOf<{ cents: number }>();
    // @ts-expect-error nobody answers an event
    event({ output: z.string() });
    // @ts-expect-error ms
    event({ whenUnreachable: { bufferFor: "30s" } });
  });

  test("has a typed reference on its mailbox; a call and a cast do not", () => {
    const placed = event({ input: z.object({ id: z.string() }) });
    const orders = mailbox("orders", { place: call(), note: cast(), placed, closed: event() });
    expectTypeOf(orders.events.placed).toEqualTypeOf<EventReference<typeof placed>>();
    expectTypeOf<keyof typeof orders.events>().toEqualTypeOf<"placed" | "closed">();
    expectTypeOf<EventNames<typeof orders.messages>>().toEqualTypeOf<"placed" | "closed">();
    expectTypeOf<CallNames<typeof orders.messages>>().toEqualTypeOf<"place">();
    expectTypeOf<CastNames<typeof orders.messages>>().toEqualTypeOf<"note">();
    // @ts-expect-error place is a call
    orders.events.place;
    // @ts-expect-error a reference is data
    orders.events.placed.event = "closed";
  });

  test("can be looked up by name in a mailbox of unknown type", () => {
    const anyMailbox: Mailbox = mailbox("feed", { placed: event() });
    expectTypeOf(anyMailbox.events.placed).toEqualTypeOf<EventReference | undefined>();
  });
});

describe("a mailbox", () => {
  const pricing = mailbox("pricing", { quote, ping: call(), repriced: cast() }, { version: "1.2.0" });

  test("keeps its name and its messages apart", () => {
    expectTypeOf(pricing.name).toEqualTypeOf<"pricing">();
    expectTypeOf<CallNames<typeof pricing.messages>>().toEqualTypeOf<"quote" | "ping">();
    expectTypeOf<CastNames<typeof pricing.messages>>().toEqualTypeOf<"repriced">();
  });

  test("has the same messages whether they are defined inline or before", () => {
    const { messages } = mailbox("pricing", {
      quote: call({ input: z.string(), output: z.int() }),
      ping: call(),
      sold: call({ errors: { GONE: z.undefined() } }),
      repriced: cast(),
    });
    expectTypeOf<Input<typeof messages.quote>>().toEqualTypeOf<string>();
    expectTypeOf<Output<typeof messages.quote>>().toEqualTypeOf<number>();
    expectTypeOf<DeclaredError<typeof messages.quote>>().toEqualTypeOf<never>();
    expectTypeOf<Input<typeof messages.ping>>().toEqualTypeOf<undefined>();
    expectTypeOf<Output<typeof messages.ping>>().toEqualTypeOf<undefined>();
    expectTypeOf<DeclaredError<typeof messages.ping>>().toEqualTypeOf<never>();
    expectTypeOf<ErrorCode<typeof messages.sold>>().toEqualTypeOf<"GONE">();
    expectTypeOf<Input<typeof messages.repriced>>().toEqualTypeOf<undefined>();
  });

  test("refuses an inline output schema that does not accept its own output", () => {
    // @ts-expect-error a date cannot be parsed as a string again
    mailbox("pricing", { quote: call({ output: dayFromString }) });
  });

  test("refuses a message name that every JavaScript object has", () => {
    // @ts-expect-error it would look like a promise
    // biome-ignore lint/suspicious/noThenProperty: that is the point
    mailbox("pricing", { then: call() });
    // @ts-expect-error
    mailbox("pricing", { toString: call() });
    // @ts-expect-error one is enough
    mailbox("pricing", { quote, constructor: cast() });
  });

  test("refuses values that are not messages", () => {
    // @ts-expect-error a schema is not a message
    mailbox("pricing", { quote: z.string() });
    // @ts-expect-error a version is a string
    mailbox("pricing", { quote }, { version: 1 });
    // @ts-expect-error there is no such option
    mailbox("pricing", { quote }, { verison: "1.0.0" });
  });

  test("is readonly", () => {
    // @ts-expect-error
    pricing.name = "pricing";
    // @ts-expect-error
    pricing.messages.quote.timeout = 5;
  });
});

describe("a schema of any library", () => {
  type Standard<I, O = I> = StandardSchemaV1<I, O>;
  const schema = {} as Standard<{ at: string }, { at: Date }>;

  test("takes its types from the Standard Schema", () => {
    const definition = call({ input: schema, output: {} as Standard<{ cents: number }> });
    expectTypeOf<Input<typeof definition>>().toEqualTypeOf<{ at: string }>();
    expectTypeOf<HandlerInput<typeof definition>>().toEqualTypeOf<{ at: Date }>();
    expectTypeOf<Output<typeof definition>>().toEqualTypeOf<{ cents: number }>();
  });

  test("must accept its own output, too", () => {
    // @ts-expect-error a date cannot be parsed as a string again
    call({ output: schema });
  });

  test("may have an unknown type", () => {
    const definition: CallDefinition = call({ input: {} as StandardSchemaV1 });
    expectTypeOf<Input<typeof definition>>().toEqualTypeOf<unknown>();
  });
});
