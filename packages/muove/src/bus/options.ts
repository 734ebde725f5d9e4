import { describe, nameProblem, optionProblems, rules } from "@muove/contract/internal";
import type { Logger } from "pino";
import { sortedTags, type Tags, tagsProblem } from "../address/tags.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Encoding } from "../codec/index.js";
import { type Credentials, linkDefaults } from "../link/index.js";
import { serversProblem } from "./servers.js";

export interface ConnectOptions {
  /** The service's name: letters, digits, `-` and `_`, starting with a letter; at most 64. All its instances share it. */
  readonly service: string;
  /**
   * NATS servers: `nats://host:port`, `tls://host:port` or `host:port`, one or several, also separated by commas.
   * Default `nats://127.0.0.1:4222`. None of them needs to be there.
   */
  readonly servers?: string | readonly string[] | undefined;
  /** `{ user, pass }`, `{ token }`, or a function that is asked anew at every attempt to connect. Default: those in the URL. */
  readonly credentials?: Credentials | (() => Credentials) | undefined;
  /**
   * What this instance is, for those who choose by it: `bus.to(pricing, { tags: { region: "eu" } })` finds it by any of its
   * tags, or several. At most four; names and values are 1 to 64 letters, digits, `-` and `_`. Default: none.
   */
  readonly tags?: Tags | undefined;
  /** Put in front of every subject, so that several systems can share a NATS: `<prefix>.muove.…`. At most 256 characters. Default: none. */
  readonly prefix?: string | undefined;
  /** How this bus writes its requests; it reads both. Default `"msgpack"`. */
  readonly encoding?: Encoding | undefined;
  /** A pino logger to use, or `false` for silence. Default: a new one, on stdout, at the level in `LOG_LEVEL` or `info`. */
  readonly logger?: Logger | false | undefined;
  /** How long a fallback may take that answers by a promise, in ms. Default 500. */
  readonly fallbackTimeout?: number | undefined;
  /** How many casts may wait for the connection to come back; see `whenUnreachable` of `cast()`. Default 1,000. */
  readonly castBuffer?: number | undefined;
  /**
   * Where answers may go beside the inboxes that clients have by default (`_INBOX…`, and `_R_.…` behind the border of an account): the
   * `inboxPrefix` of other NATS clients that call this service, such as `["_MYAPP"]`. Default: none.
   */
  readonly replyPrefixes?: readonly string[] | undefined;
  /** How often a silent connection to NATS is probed, in ms; it is given up after three such times. Default 3,000. */
  readonly pingInterval?: number | undefined;
}

/** The options with their defaults, checked. */
export interface Settings {
  readonly service: string;
  readonly servers: readonly string[];
  readonly credentials: Credentials | (() => Credentials) | undefined;
  /** Sorted by name, and frozen. */
  readonly tags: Tags;
  readonly prefix: string | undefined;
  readonly encoding: Encoding;
  readonly logger: Logger | false | undefined;
  readonly fallbackTimeout: number;
  readonly castBuffer: number;
  readonly replyPrefixes: readonly string[];
  readonly pingInterval: number;
}

/** @throws InvalidOptions naming everything that is wrong. */
export function settings(options: ConnectOptions): Settings {
  const problems = optionProblems(options, connectRules);
  if (options?.service === undefined) problems.unshift('service is missing: name this service, such as "pricing"');
  if (problems.length > 0) throw new InvalidOptions("The options of connect()", problems);
  const { service, servers = "nats://127.0.0.1:4222", credentials, prefix, encoding = "msgpack", logger } = options;
  const {
    tags = {},
    fallbackTimeout = 500,
    castBuffer = 1_000,
    replyPrefixes = [],
    pingInterval = linkDefaults.pingInterval,
  } = options;
  const list = typeof servers === "string" ? servers.split(",").map((server) => server.trim()) : [...servers];
  return Object.freeze({
    service,
    servers: list,
    credentials,
    tags: sortedTags(tags),
    prefix,
    encoding,
    logger,
    fallbackTimeout,
    castBuffer,
    replyPrefixes: Object.freeze([...replyPrefixes]),
    pingInterval,
  });
}

const connectRules = {
  service: (value: unknown) => nameProblem("(the service's name)", value),
  servers: serversProblem,
  credentials: credentialsProblem,
  tags: tagsProblem,
  prefix: prefixProblem,
  encoding: (value: unknown) =>
    value === "msgpack" || value === "json" ? undefined : `must be "msgpack" or "json", not ${describe(value)}`,
  logger: loggerProblem,
  fallbackTimeout: rules.milliseconds,
  castBuffer: rules.count,
  replyPrefixes: replyPrefixesProblem,
  pingInterval: rules.milliseconds,
};

function credentialsProblem(value: unknown): string | undefined {
  if (typeof value === "function") return undefined;
  const { user, pass, token } = (value ?? {}) as Record<string, unknown>;
  const fits = typeof token === "string" || (typeof user === "string" && typeof pass === "string");
  return fits ? undefined : "must be { user, pass }, { token }, or a function that gives one of them";
}

/** A server ends the connection of whoever sends it a line of more than 4,096 characters, subjects included. */
const longestPrefix = 256;

function prefixProblem(value: unknown): string | undefined {
  const fits = typeof value === "string" && value.length <= longestPrefix && /^[\w-]+(\.[\w-]+)*$/.test(value);
  if (fits) return undefined;
  return `must be tokens of letters, digits, - and _ joined by dots, ${longestPrefix} characters at most, not ${describe(value)}`;
}

/** Not where anything else of a system is. */
const takenRoot = /^(?:\$|muove(?:-|\.|$))/;

function replyPrefixesProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `must be a list such as ["_MYAPP"], not ${describe(value)}`;
  const wrong = value.find((prefix) => prefixProblem(prefix) !== undefined || takenRoot.test(prefix));
  if (wrong === undefined) return undefined;
  return `has ${describe(wrong)} in it: each must be tokens of letters, digits, - and _ joined by dots, and not begin with muove`;
}

function loggerProblem(value: unknown): string | undefined {
  if (value === false) return undefined;
  const { child, debug, info, warn, error } = (value ?? {}) as Record<string, unknown>;
  const fits = [child, debug, info, warn, error].every((method) => typeof method === "function");
  return fits ? undefined : "must be a pino logger, or false for none";
}
