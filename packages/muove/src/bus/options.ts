import type { Schema } from "@muove/contract";
import { describe, nameProblem, optionProblems, rules, schemaProblem } from "@muove/contract/internal";
import { sortedTags, type Tags, tagsProblem } from "../address/tags.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Logger } from "../base/logger.js";
import type { Encoding } from "../codec/index.js";
import {
  type Credentials,
  type CredentialsProvider,
  credentialForms,
  credentialsProblem,
  linkDefaults,
  type TlsOptions,
  tlsProblem,
} from "../link/index.js";
import { serverList, serversProblem } from "./servers.js";

/** `Meta`: what handlers read as `ctx.meta`; unknown without a schema for metadata. */
export interface ConnectOptions<Meta = unknown> {
  /**
   * The service's name, which all its instances share: up to 64 letters, digits, `-` and `_`, starting with a letter.
   */
  readonly service: string;
  /**
   * NATS servers: `nats://host:port`, `tls://host:port` or `host:port`, as a list or separated by commas. None of them
   * needs to be up. Credentials may stand before the host, as `user:password@` or `token@`: in them `%` is written
   * `%25`, and a comma in a text with commas `%2C`. Empty entries do not count. Default, also for an empty text, as an
   * unset variable gives it: `nats://127.0.0.1:4222`.
   */
  readonly servers?: string | readonly string[] | undefined;
  /**
   * What to log in with: `{ user, pass }`, `{ token }`, `{ credsFile }`, `{ creds }`, `{ nkeySeed }`,
   * `{ jwt, nkeySeed }`, or a function that gives one of them, at once or later. Every attempt to connect calls the
   * function, and reads the file, again; a connection that is up stays until the server ends it. What a function does
   * not give in time and in one of these forms fails that attempt, with the kind `credentials`: the bus never connects
   * without them instead. Those in a server's URL come first. Default: none.
   */
  readonly credentials?: Credentials | CredentialsProvider | undefined;
  /**
   * TLS for every server, as `tls://` in its URL requires it for one; `{}` is enough where Node.js trusts its
   * certificate. Also for the servers that these announce. Default: whatever the server asks for.
   */
  readonly tls?: TlsOptions | undefined;
  /**
   * Labels of this instance that senders can select it by: `bus.to(pricing, { tags: { region: "eu" } })`, with one or
   * several of its tags. At most four; names and values are 1 to 64 letters, digits, `-` and `_`. Default: none.
   */
  readonly tags?: Tags | undefined;
  /**
   * A prefix of every subject, so that several systems can share one NATS: `<prefix>.muove.…`. At most 256 characters.
   * Default: none.
   */
  readonly prefix?: string | undefined;
  /**
   * A schema for the metadata of everything that this bus sends and handles: a Standard Schema that validates
   * synchronously, such as `z.object({ tenant: z.string(), locale: z.string().default("en") })`. It gets texts by name.
   * A message whose metadata it refuses is `rejected`. Default: none; metadata is passed on unread.
   */
  readonly meta?: Schema<unknown, Meta> | undefined;
  /** The encoding of requests. Every bus reads both. Default `"msgpack"`. */
  readonly encoding?: Encoding | undefined;
  /** A logger such as pino's or Fastify's, or `false` for none. Default: a new one, to stdout, at the level of `LOG_LEVEL` or `info`. */
  readonly logger?: Logger | false | undefined;
  /** How long an asynchronous fallback may take, in ms. Default 500. */
  readonly fallbackTimeout?: number | undefined;
  /** How many casts may wait for the connection; see `whenUnreachable` of `cast()`. Default 1,000. */
  readonly castBuffer?: number | undefined;
  /**
   * Further prefixes of reply subjects that this service may answer, beside `_INBOX…`, the default of NATS clients, and
   * `_R_.…`, which NATS uses across accounts: the `inboxPrefix` of clients that call this service, such as
   * `["_MYAPP"]`. Default: none.
   */
  readonly replyPrefixes?: readonly string[] | undefined;
  /**
   * How long NATS may take to let this bus in, in ms: to accept, to greet, to check the credentials, and to confirm the
   * subscriptions. Other servers, if there are any, are dialled meanwhile, after 1 s or, when it has greeted, 5 s. After
   * attempts that took longer it doubles, up to eight times as long, until the bus is connected. Default 30,000.
   */
  readonly dialTimeout?: number | undefined;
  /**
   * Dial only `servers`, and not what these announce: the other servers of their cluster, often by addresses that only
   * they can reach, as behind a load balancer. Those are tried after `servers`. Default false.
   */
  readonly ignoreDiscoveredServers?: boolean | undefined;
  /**
   * The interval of pings on the connection to NATS, in ms. The connection counts as lost when `maxPingsOut` of them are
   * unanswered and the next one is due, so it must be longer than the slowest round trip. Default 3,000.
   */
  readonly pingInterval?: number | undefined;
  /** How many pings may be unanswered: with 2, a silent connection is given up after three intervals. Default 2. */
  readonly maxPingsOut?: number | undefined;
  /**
   * When `health` calls a service with mailboxes or listeners ready for the first time. `"connected"`: once it has been
   * connected to NATS, so that a rollout with a wrong URL or password does not replace instances that work. `"started"`:
   * from the start, connected or not. Either way it starts at once, and stays ready when NATS goes away later. Default
   * `"connected"`; a service that only calls is ready from the start.
   */
  readonly readyWhen?: "connected" | "started" | undefined;
}

/** Valid options, with defaults. */
export interface Settings {
  readonly service: string;
  readonly servers: readonly string[];
  readonly credentials: Credentials | CredentialsProvider | undefined;
  readonly tls: TlsOptions | undefined;
  /** Sorted by name, and frozen. */
  readonly tags: Tags;
  readonly prefix: string | undefined;
  readonly meta: Schema | undefined;
  readonly encoding: Encoding;
  readonly logger: Logger | false | undefined;
  readonly fallbackTimeout: number;
  readonly castBuffer: number;
  readonly replyPrefixes: readonly string[];
  readonly dialTimeout: number;
  readonly ignoreDiscoveredServers: boolean;
  readonly pingInterval: number;
  readonly maxPingsOut: number;
  readonly readyWhen: "connected" | "started";
}

/** @throws InvalidOptions listing every problem. */
export function settings(options: ConnectOptions): Settings {
  const problems = optionProblems(options, connectRules);
  if (options?.service === undefined) problems.unshift('service is missing: name this service, such as "pricing"');
  if (problems.length > 0) throw new InvalidOptions("The options of connect()", problems);
  const { service, servers = "", credentials, prefix, encoding = "msgpack", logger } = options;
  const {
    meta,
    tls,
    tags = {},
    fallbackTimeout = 500,
    castBuffer = 1_000,
    replyPrefixes = [],
    dialTimeout = linkDefaults.dialTimeout,
    ignoreDiscoveredServers = linkDefaults.ignoreDiscoveredServers,
    pingInterval = linkDefaults.pingInterval,
    maxPingsOut = linkDefaults.maxPingsOut,
    readyWhen = "connected",
  } = options;
  const list = serverList(servers);
  return Object.freeze({
    service,
    servers: list.length > 0 ? list : ["nats://127.0.0.1:4222"],
    credentials: typeof credentials === "function" ? credentials : credentials && Object.freeze({ ...credentials }),
    tls: tls && Object.freeze({ ...tls }),
    tags: sortedTags(tags),
    prefix,
    meta,
    encoding,
    logger,
    fallbackTimeout,
    castBuffer,
    replyPrefixes: Object.freeze([...replyPrefixes]),
    dialTimeout,
    ignoreDiscoveredServers,
    pingInterval,
    maxPingsOut,
    readyWhen,
  });
}

const connectRules = {
  service: (value: unknown) => nameProblem("(the service's name)", value),
  servers: serversProblem,
  credentials: credentialsOptionProblem,
  tls: tlsProblem,
  tags: tagsProblem,
  prefix: prefixProblem,
  meta: (value: unknown) => schemaProblem("(the schema of metadata)", value),
  encoding: oneOf("msgpack", "json"),
  logger: loggerProblem,
  fallbackTimeout: rules.milliseconds,
  castBuffer: rules.count,
  replyPrefixes: replyPrefixesProblem,
  dialTimeout: rules.milliseconds,
  ignoreDiscoveredServers: rules.boolean,
  pingInterval: rules.milliseconds,
  maxPingsOut: rules.count,
  readyWhen: oneOf("connected", "started"),
};

function oneOf(one: string, other: string): (value: unknown) => string | undefined {
  return (value) =>
    value === one || value === other ? undefined : `must be "${one}" or "${other}", not ${describe(value)}`;
}

function credentialsOptionProblem(value: unknown): string | undefined {
  const problem = typeof value === "function" ? undefined : credentialsProblem(value);
  return problem && `must be ${credentialForms}, or a function that gives one of them: ${problem}`;
}

/** Subjects must be short: a server closes a connection that sends a line of more than 4,096 characters. */
const maxPrefixLength = 256;

function prefixProblem(value: unknown): string | undefined {
  const fits = typeof value === "string" && value.length <= maxPrefixLength && /^[\w-]+(\.[\w-]+)*$/.test(value);
  if (fits) return undefined;
  const form = `tokens of letters, digits, - and _ joined by dots, at most ${maxPrefixLength} characters`;
  return `must be ${form}, not ${describe(value)}`;
}

/** Subjects of NATS and of Muove itself. */
const reservedRoot = /^(?:\$|muove(?:-|\.|$))/;

function replyPrefixesProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `must be a list such as ["_MYAPP"], not ${describe(value)}`;
  const wrong = value.find((prefix) => prefixProblem(prefix) !== undefined || reservedRoot.test(prefix));
  if (wrong === undefined) return undefined;
  const form = "tokens of letters, digits, - and _ joined by dots, and not begin with muove";
  return `contains ${describe(wrong)}: each must be ${form}`;
}

function loggerProblem(value: unknown): string | undefined {
  if (value === false) return undefined;
  const { child, trace, debug, info, warn, error, fatal } = (value ?? {}) as Record<string, unknown>;
  const fits = [child, trace, debug, info, warn, error, fatal].every((method) => typeof method === "function");
  return fits ? undefined : "must be a logger such as pino's, or false for none";
}
