import { setTimeout } from "../base/timers.js";
import { type ApiResult, type ApiTransport, JetStreamApi } from "../jetstream/api.js";
import type { StreamConfig } from "../jetstream/configs.js";

/**
 * Whether there is a stream.
 *
 * - `ready`: it is there. `made`: it was not. `found` is its configuration, and `time` the server's, in ms since the
 *   epoch (or `NaN`).
 * - `missing`: it is not there, and cannot be made; `reason` says why. `conflict`: another one captures its subjects.
 * - `later`: nobody can tell at the moment, as in an election.
 */
export type StoreState =
  | { readonly kind: "ready"; readonly made: boolean; readonly found: unknown; readonly time: number }
  | { readonly kind: "missing" | "conflict"; readonly reason: string }
  | { readonly kind: "later" };

/** The server's codes. */
const notFound = 10059;
const overlaps = 10065;
const inUse = 10058;
/** No leader, a server that starts, or a request that came too early. */
const passing: ReadonlySet<number> = new Set([10008, 10009, 10003, 10004, 10118]);

/** The oldest nats-server that keeps mail: see `docs/mail.md`. */
const oldest = [2, 10] as const;

export const tooOld = (version: string): string => `nats-server ${version} cannot keep mail: it must be 2.10 or later`;

/** Whether a server's version is enough. One that is not known is. */
export function keepsMail(version: string | undefined): boolean {
  if (version !== looked.version) looked = { version, keeps: isRecent(version) };
  return looked.keeps;
}

/** The version that was looked at last: it is asked for with each letter. */
let looked: { readonly version: string | undefined; readonly keeps: boolean } = { version: undefined, keeps: true };

function isRecent(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  if (version === undefined || Number.isNaN(major + minor)) return true;
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** Looks a stream up, and makes it if it is not there. */
export async function ensureStream(api: JetStreamApi, config: StreamConfig): Promise<StoreState> {
  const looked = await api.request(`STREAM.INFO.${config.name}`);
  if (looked.kind === "reply") return ready(false, looked.body);
  if (looked.kind === "error" && looked.errCode !== notFound) return failure(looked);
  if (looked.kind === "forbidden") return createOr(api, config, "NATS permissions refuse to look its stream up");
  return looked.kind === "error" ? createOr(api, config) : failure(looked);
}

async function createOr(api: JetStreamApi, config: StreamConfig, otherwise?: string): Promise<StoreState> {
  const made = await api.request(`STREAM.CREATE.${config.name}`, config);
  if (made.kind === "reply") return ready(true, made.body);
  if (made.kind === "error" && made.errCode === inUse) return ready(false, {});
  if (made.kind === "forbidden") {
    return { kind: "missing", reason: otherwise ?? `its stream is not there, and NATS permissions refuse to make it` };
  }
  return failure(made);
}

const ready = (made: boolean, { config, ts }: Readonly<Record<string, unknown>>): StoreState => ({
  kind: "ready",
  made,
  found: config,
  time: typeof ts === "string" ? Date.parse(ts) : Number.NaN,
});

function failure(result: Exclude<ApiResult, { kind: "reply" }>): StoreState {
  if (result.kind === "none") return { kind: "missing", reason: "JetStream is not enabled there" };
  if (result.kind !== "error") return { kind: "later" };
  const { errCode, description } = result;
  if (errCode === overlaps) return { kind: "conflict", reason: description };
  return passing.has(errCode) ? { kind: "later" } : { kind: "missing", reason: description };
}

/** How long an answer that a store is missing is taken for true, in ms. */
const remembered = 1_000;

/**
 * The streams that a bus sends to.
 *
 * STORES-1 However many letters wait for a stream, one request at a time asks for it.
 */
export class Stores {
  readonly #transport: ApiTransport;
  readonly #asking = new Map<string, Promise<StoreState>>();

  constructor(transport: ApiTransport) {
    this.#transport = transport;
  }

  /** Makes a stream, unless it is there. */
  ensure(config: StreamConfig, domain: string | undefined): Promise<StoreState> {
    const { name } = config;
    const asking = this.#asking.get(name) ?? this.#ask(config, domain);
    this.#asking.set(name, asking);
    return asking;
  }

  async #ask(config: StreamConfig, domain: string | undefined): Promise<StoreState> {
    const state = await ensureStream(new JetStreamApi(this.#transport, domain), config);
    const forget = (): void => void this.#asking.delete(config.name);
    if (state.kind === "ready" || state.kind === "later") forget();
    else setTimeout(forget, remembered).unref();
    return state;
  }
}
