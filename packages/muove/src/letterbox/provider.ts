import { type ApiTransport, JetStreamApi } from "../jetstream/api.js";
import { type ConsumerConfig, type Difference, differences } from "../jetstream/configs.js";
import { isPaused } from "../letters/letter-figures.js";
import { ensureStream, keepsMail, tooOld } from "../letters/stores.js";
import type { MailPlan } from "../letters/streams.js";

/**
 * Whether a mailbox's letters can be kept and handled.
 *
 * - `open`: its streams and consumers are there. `made`: the names of those that were not. `drift`: where they differ
 *   from the contract, by their names. `paused`: messages that an operator has paused.
 * - `impossible`: they are not, and cannot be made; `why` says so. `later`: nobody can tell at the moment.
 */
export type Provided =
  | {
      readonly kind: "open";
      readonly made: readonly string[];
      readonly drift: readonly Drift[];
      readonly paused: readonly string[];
    }
  | { readonly kind: "impossible"; readonly why: string }
  | { readonly kind: "later" };

export interface Drift extends Difference {
  /** The stream or consumer. */
  readonly of: string;
}

const consumerNotFound = 10014;

/**
 * Looks up the streams and consumers of a mailbox, and makes those that are missing. Changes none.
 *
 * @param clock hears the server's time.
 */
export async function provide(
  transport: ApiTransport,
  plan: MailPlan,
  clock: (time: number) => void,
): Promise<Provided> {
  const { serverVersion } = transport.link;
  if (!keepsMail(serverVersion)) return { kind: "impossible", why: tooOld(serverVersion ?? "") };
  const api = new JetStreamApi(transport, plan.domain);
  const made: string[] = [];
  const drift: Drift[] = [];
  const paused: string[] = [];
  for (const config of [plan.letters, plan.dead]) {
    const state = await ensureStream(api, config);
    if (state.kind === "ready") clock(state.time);
    if (state.kind === "later") return state;
    if (state.kind !== "ready") return { kind: "impossible", why: `${config.name}: ${state.reason}` };
    if (state.made) made.push(config.name);
    if (state.found !== undefined)
      drift.push(...differences(config, state.found).map((each) => ({ of: config.name, ...each })));
  }
  const consumers = [...plan.consumers.values(), ...plan.levels];
  for (const provided of await Promise.all(consumers.map((config) => ensureConsumer(api, plan.letters.name, config)))) {
    if (provided.kind !== "open") return provided;
    made.push(...provided.made);
    drift.push(...provided.drift);
    paused.push(...provided.paused);
  }
  return { kind: "open", made, drift, paused };
}

async function ensureConsumer(api: JetStreamApi, stream: string, config: ConsumerConfig): Promise<Provided> {
  const name = config.durable_name;
  const looked = await api.request(`CONSUMER.INFO.${stream}.${name}`);
  if (looked.kind === "reply") return open([], name, config, looked.body.config);
  if (looked.kind !== "forbidden" && !(looked.kind === "error" && looked.errCode === consumerNotFound)) {
    return { kind: "later" };
  }
  const made = await api.request(`CONSUMER.CREATE.${stream}.${name}`, {
    stream_name: stream,
    action: "create",
    config,
  });
  if (made.kind === "reply") return open([name], name, config, made.body.config);
  if (made.kind === "forbidden") {
    return { kind: "impossible", why: `the consumer ${name} is not there, and NATS permissions refuse to make it` };
  }
  return made.kind === "error"
    ? { kind: "impossible", why: `the consumer ${name}: ${made.description}` }
    : { kind: "later" };
}

const open = (made: readonly string[], name: string, expected: ConsumerConfig, config: unknown): Provided => ({
  kind: "open",
  made,
  drift: differences(expected, config).map((each) => ({ of: name, ...each })),
  paused: isPaused(config) ? [name] : [],
});
