import type { CallDefinition, Mailbox, Message, Schema } from "@muove/contract";
import { jsonSchemaText } from "@muove/contract/internal";
import type { Tags } from "../address/tags.js";
import type { MissingPeer } from "../peers/peer.js";
import { protocolVersion } from "../wire/protocol.js";

// docs/protocol.md, clauses D-3, D-4 and N-2.

/** The metadata of the NATS service API: strings by name. */
export type Metadata = Readonly<Record<string, string>>;

/** How many missing peers are named; the others are only counted. */
const maxNamed = 10;

export interface About {
  /** The service's name. */
  readonly service: string;
  readonly prefix: string | undefined;
  readonly tags: Tags;
}

/** The metadata of a service: what it is, and its current state. */
export function serviceMetadata({ service, prefix, tags }: About, missing: readonly MissingPeer[]): Metadata {
  return {
    "muove.service": service,
    "muove.protocol": String(protocolVersion),
    ...(prefix === undefined ? {} : { "muove.prefix": prefix }),
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`muove.tag.${name}`, value])),
    "muove.degraded": String(missing.length > 0),
    ...(missing.length === 0 ? {} : { "muove.missing": summaryOf(missing) }),
  };
}

/** The metadata of a message, from its contract. */
export function messageMetadata(message: Message): Metadata {
  if (message.kind === "call") return callMetadata(message);
  const tries = message.kind === "cast" ? message.durable?.tries : undefined;
  return { "muove.kind": message.kind, ...(tries !== undefined && { "muove.durable": `tries=${tries}` }) };
}

function callMetadata({ timeout, idempotent, errors }: CallDefinition): Metadata {
  const codes = Object.keys(errors);
  return {
    "muove.kind": "call",
    "muove.timeout": String(timeout),
    "muove.idempotent": String(idempotent),
    ...(codes.length === 0 ? {} : { "muove.errors": codes.join(",") }),
  };
}

/** The schemas of a message as JSON Schema, as on the wire: the input side of inputs, the output side of answers. */
export function schemaMetadata(message: Message): Metadata {
  const input = schemaEntry("muove.input", message.input, "input");
  if (message.kind !== "call") return input;
  const errors = Object.entries(message.errors).map(([code, data]) =>
    schemaEntry(`muove.error.${code}`, data, "output"),
  );
  return Object.assign(input, schemaEntry("muove.output", message.output, "output"), ...errors) as Metadata;
}

/** The metadata of a mailbox's events. */
export function eventMetadata({ events }: Mailbox, schemas: boolean): Metadata {
  const names = Object.keys(events);
  if (names.length === 0) return {};
  const described = Object.values(events).map(({ event, definition: { input } }) =>
    schemaEntry(`muove.event.${event}`, input, "input"),
  );
  return Object.assign({ "muove.events": names.join(",") }, ...(schemas ? described : [])) as Metadata;
}

function schemaEntry(name: string, schema: Schema | undefined, side: "input" | "output"): Metadata {
  const text = schema === undefined ? "void" : jsonSchemaText(schema, side);
  return text === undefined ? {} : { [name]: text };
}

function summaryOf(missing: readonly MissingPeer[]): string {
  const named = missing.slice(0, maxNamed).map(({ address, reason, since }) => {
    return `${address} ${reason} since ${new Date(since).toISOString()}`;
  });
  const others = missing.length - named.length;
  return [...named, ...(others > 0 ? [`and ${others} more`] : [])].join("; ");
}
