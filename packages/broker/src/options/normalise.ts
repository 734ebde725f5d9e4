import { BrokerError } from "../errors.js";
import { authOptions } from "./auth-options.js";
import type { BrokerOptions } from "./broker-options.js";
import { jetStreamOptions } from "./jetstream-options.js";
import { permissionRules } from "./permission-options.js";
import { Problems } from "./problems.js";
import type { Settings } from "./settings.js";

const megabyte = 1_048_576;
/** The longest timeout of a Node timer. */
const longestTimer = 2 ** 31 - 1;

/** For each number: default, minimum, maximum. */
const numbers = {
  port: [4222, 0, 65_535],
  maxPayload: [megabyte, 1, 64 * megabyte],
  maxControlLine: [4096, 64, megabyte],
  maxConnections: [65_536, 1, 65_536],
  maxPending: [64 * megabyte, 1, 2 ** 31 - 1],
  maxHeld: [256 * megabyte, megabyte, Number.MAX_SAFE_INTEGER],
  maxSubscriptions: [100_000, 1, 2 ** 31 - 1],
  maxSubscriptionMemory: [256 * megabyte, 1, Number.MAX_SAFE_INTEGER],
  pingInterval: [120_000, 1, longestTimer],
  maxPingsOut: [2, 1, 1_000],
  writeDeadline: [10_000, 1, longestTimer],
  authTimeout: [2_000, 1, longestTimer],
  lameDuckDuration: [120_000, 0, longestTimer],
  lameDuckGracePeriod: [10_000, 0, longestTimer],
} as const;

type NumberName = keyof typeof numbers;

const names = [...Object.keys(numbers), "host", "serverName", "auth", "permissions", "jetStream"];

/**
 * Checks options and adds defaults. The caller's objects are neither kept nor modified.
 *
 * @throws BrokerError MUOVE_BROKER_INVALID_OPTIONS, which lists every problem.
 */
export function normalise(options: BrokerOptions): Settings {
  const problems = new Problems();
  const given = problems.record("the options", options, names) ?? {};
  const { host, serverName, auth, permissions, jetStream } = given;
  const settings = Object.freeze({
    ...readNumbers(given, problems),
    host: problems.string("host", host ?? "127.0.0.1"),
    serverName: problems.string("serverName", serverName ?? "muove-broker"),
    auth: authOptions(auth, problems),
    permissions: permissionRules("permissions", permissions, problems),
    jetStream: jetStreamOptions(jetStream, problems),
  });
  if (problems.list.length > 0) throw invalid(problems.list);
  return settings;
}

function readNumbers(given: Record<string, unknown>, problems: Problems): Record<NumberName, number> {
  const read = Object.entries(numbers).map(([name, [standard, least, most]]) => {
    return [name, problems.integer(name, given[name] ?? standard, least, most)];
  });
  return Object.fromEntries(read) as Record<NumberName, number>;
}

function invalid(problems: readonly string[]): BrokerError {
  const list = problems.map((problem) => `\n- ${problem}`).join("");
  return new BrokerError("MUOVE_BROKER_INVALID_OPTIONS", `The broker cannot start with these options:${list}`);
}
