import type { ApiResult, JetStreamApi } from "../jetstream/api.js";
import { type ConsumerConfig, type Difference, differences, type StreamConfig } from "../jetstream/configs.js";
import type { MailPlan } from "../letters/streams.js";
import { mailError } from "./mail-error.js";

/** One stream or consumer: how it was found, and what was done, or would be. */
export interface ProvisionStep {
  readonly kind: "stream" | "consumer";
  /** Its name in JetStream; that of a consumer is the message, or `_retry-<level>`. */
  readonly name: string;
  /** `none`: it is as the contract says. `blocked`: it is not, and nothing of that can be changed. */
  readonly action: "none" | "create" | "update" | "blocked";
  /** What an update changes. */
  readonly changes: readonly Difference[];
  /** What cannot be changed while it exists: make a new stream or consumer for that, once its letters are handled. */
  readonly fixed: readonly Difference[];
  /** Why JetStream refused to create or update it. */
  readonly refused: string | undefined;
}

/** What `provisionMail()` did for a mailbox, or would do. */
export interface Provision {
  readonly mailbox: string;
  /** The streams first, and then their consumers. */
  readonly steps: readonly ProvisionStep[];
  /** Whether all is now as the contract says, or would be. */
  readonly complete: boolean;
}

/** The settings that JetStream lets nobody change. */
const fixed: ReadonlySet<string> = new Set([
  "name",
  "retention",
  "storage",
  "durable_name",
  "ack_policy",
  "max_waiting",
]);

const streamNotFound = 10059;
const consumerNotFound = 10014;

/** The API's requests for one stream or consumer. */
interface Thing {
  readonly kind: "stream" | "consumer";
  readonly name: string;
  readonly expected: StreamConfig | ConsumerConfig;
  readonly info: string;
  readonly notFound: number;
  create(config: object): Promise<ApiResult>;
  update(config: object): Promise<ApiResult>;
}

/**
 * Makes the streams and consumers of a mailbox what its contract says. Done again, it changes nothing.
 *
 * @throws MailError when JetStream cannot be asked.
 */
export async function provision(api: JetStreamApi, plan: MailPlan, dryRun: boolean): Promise<Provision> {
  const { letters, dead, consumers, levels, mailbox } = plan;
  const streams = [letters, dead].map((config) => streamOf(api, config));
  const others = [...consumers.values(), ...levels].map((config) => consumerOf(api, letters.name, config));
  const steps: ProvisionStep[] = [];
  for (const thing of [...streams, ...others]) steps.push(await settle(api, thing, dryRun));
  const complete = steps.every((step) => step.fixed.length === 0 && step.refused === undefined);
  return { mailbox, steps, complete };
}

async function settle(api: JetStreamApi, thing: Thing, dryRun: boolean): Promise<ProvisionStep> {
  const { kind, name, expected, info, notFound } = thing;
  const found = await api.request(info);
  // Without its stream there is no consumer either.
  if (found.kind === "error" && (found.errCode === notFound || found.errCode === streamNotFound)) {
    const refused = dryRun ? undefined : refusal(name, await thing.create(expected));
    return { kind, name, action: "create", changes: [], fixed: [], refused };
  }
  if (found.kind !== "reply") throw mailError(name, found);
  const { config } = found.body;
  const all = differences(expected, config);
  const changes = all.filter(({ setting }) => !fixed.has(setting));
  const step = { kind, name, changes, fixed: all.filter(({ setting }) => fixed.has(setting)), refused: undefined };
  if (changes.length === 0) return { ...step, action: all.length === 0 ? "none" : "blocked" };
  if (dryRun) return { ...step, action: "update" };
  const wanted = Object.fromEntries(changes.map((change) => [change.setting, change.expected]));
  return { ...step, action: "update", refused: refusal(name, await thing.update(merged(config, wanted))) };
}

/** What operators have set beside the contract stays. The server keeps one filter under another name. */
function merged(found: unknown, wanted: Readonly<Record<string, unknown>>): object {
  const config = { ...(found as object), ...wanted };
  if ("filter_subjects" in wanted) Object.assign(config, { filter_subject: undefined });
  return config;
}

/** @throws MailError unless JetStream itself answered. */
function refusal(name: string, result: ApiResult): string | undefined {
  if (result.kind === "reply") return undefined;
  if (result.kind === "error") return result.description;
  throw mailError(name, result);
}

function streamOf(api: JetStreamApi, expected: StreamConfig): Thing {
  const { name } = expected;
  return {
    kind: "stream",
    name,
    expected,
    info: `STREAM.INFO.${name}`,
    notFound: streamNotFound,
    create: (config) => api.request(`STREAM.CREATE.${name}`, config),
    update: (config) => api.request(`STREAM.UPDATE.${name}`, config),
  };
}

function consumerOf(api: JetStreamApi, stream: string, expected: ConsumerConfig): Thing {
  const name = expected.durable_name;
  const request = (action: string) => (config: object) =>
    api.request(`CONSUMER.CREATE.${stream}.${name}`, { stream_name: stream, action, config });
  return {
    kind: "consumer",
    name,
    expected,
    info: `CONSUMER.INFO.${stream}.${name}`,
    notFound: consumerNotFound,
    create: request("create"),
    update: request("update"),
  };
}
