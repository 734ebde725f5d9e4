import { maxTimerDelay } from "@muove/contract/internal";
import { performance } from "../base/timers.js";
import { decode } from "../codec/index.js";
import type { FallbackOrigin } from "../fallback/settle.js";
import { nonce } from "../inbox/nonces.js";
import type { Metadata } from "../metadata/metadata.js";
import type { AnyOutcome } from "../outcome/answer.js";
import { tellDegraded } from "../telemetry/degraded.js";
import { OutgoingOperation } from "../telemetry/outgoing.js";
import type { Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { checkJsonAnswer } from "../wire/answers-in-json.js";
import { cancelCall } from "../wire/cancellation.js";
import { type HeaderBlock, plainCallHeaders, requestHeaders } from "../wire/headers.js";
import { writtenKey } from "../wire/key.js";
import type { MetadataTexts } from "../wire/metadata.js";
import { checkSize, payloadOf } from "../wire/outgoing.js";
import type { CallEnvironment } from "./call-environment.js";
import type { CallOptions } from "./call-options.js";
import type { Scope } from "./scope.js";
import type { CallTarget } from "./target.js";

/** Who gets the outcome of a dispatch. */
export interface DispatchOwner {
  /** Called once. */
  ended(outcome: AnyOutcome): void;
}

/** Options that depend on the kind of address. */
export interface Addressing {
  /** The key that it is sent by. Last known answers are kept per key. */
  readonly key?: string;
  /** Whether it can be cancelled even without a signal. */
  readonly cancellable?: boolean;
}

/** A checked and encoded call, shared by all later steps, for every kind of address. */
export class Request implements DispatchOwner {
  readonly env: CallEnvironment;
  readonly target: CallTarget;
  readonly scope: Scope;
  readonly payload: Uint8Array;
  readonly retries: number;
  /** How long the call may take, retries included, in ms. */
  readonly timeout: number;
  /** On the clock of `performance.now()`. */
  readonly madeAt: number;
  /** The id to cancel it by; `undefined` if it cannot be cancelled. */
  readonly id: string | undefined;
  /** `undefined` without telemetry. */
  readonly operation: OutgoingOperation | undefined;
  readonly #metadata: Metadata | undefined;
  /** The value of its header; "" without metadata. */
  readonly #meta: string;
  /** Tells the steps around it what became of it. */
  readonly #settled: ((outcome: AnyOutcome) => void) | undefined;
  readonly #input: unknown;
  readonly #key: string | undefined;
  readonly #headers: HeaderBlock;
  #resolve: ((outcome: AnyOutcome) => void) | undefined;

  /** @throws InvalidInput, InvalidOptions, InvalidMetadata, TooLarge, and what steps throw. */
  constructor(
    env: CallEnvironment,
    target: CallTarget,
    scope: Scope,
    input: unknown,
    options: CallOptions,
    { key, cancellable = false }: Addressing = {},
  ) {
    const { timeout = target.definition.timeout, signal, retries = 0 } = options;
    this.env = env;
    this.target = target;
    this.scope = signal === undefined ? scope : scope.within(undefined, signal);
    this.payload = payloadOf(target, input, env.caller.encoding);
    // Whoever answers an empty call chooses MessagePack.
    if (env.caller.encoding === "json" && this.payload.length > 0) checkJsonAnswer(target.address, target.definition);
    this.retries = this.scope.nested ? 0 : retries;
    this.timeout = this.scope.allowance(Math.min(timeout, maxTimerDelay));
    const { metadata, settled } = env.sendSteps.take(target, "call", input, scope.metadata);
    this.#metadata = metadata;
    this.#meta = env.metadata.headerOf(metadata, target.address);
    this.#settled = settled;
    this.id = cancellable || this.scope.signals.length > 0 ? nonce() : undefined;
    this.operation = OutgoingOperation.call(target, env.caller.from, this.scope.trace);
    this.#input = input;
    this.#key = key;
    this.madeAt = performance.now();
    const headers = this.#headersAt(this.timeout, this.madeAt);
    checkSize(target, this.payload, headers, env.transport.link.maxPayload);
    this.#headers = target.peer.invalidReply === undefined ? headers : this.#telling(headers);
  }

  /** Its deadline, on the clock of `performance.now()`. */
  get endsAt(): number {
    return this.madeAt + this.timeout;
  }

  /** Cancels it at every instance, since the caller does not know which one has it. */
  cancel({ cancelSubject }: CallTarget): void {
    if (this.id !== undefined) cancelCall(this.env.transport.link, cancelSubject, this.id);
  }

  /** The headers of an attempt that starts at `now` and has `timeout` ms. */
  headers(timeout: number, now: number): HeaderBlock {
    return now === this.madeAt ? this.#headers : this.#headersAt(timeout, now);
  }

  /** Tells the peer, once, why an earlier reply could not be read. No call may be too large because of that. */
  #telling(headers: HeaderBlock): HeaderBlock {
    const { peer } = this.target;
    const telling = this.#headersAt(this.timeout, this.madeAt, peer.invalidReply);
    if (this.payload.length + telling.length > this.env.transport.link.maxPayload) return headers;
    peer.invalidReply = undefined;
    return telling;
  }

  #headersAt(timeout: number, now: number, invalidReply?: string): HeaderBlock {
    const { from, clockOrigin } = this.env.caller;
    const [whole, clock] = [Math.ceil(timeout), Math.floor(clockOrigin + now)];
    const trace = this.#trace?.lines;
    const key = this.#key === undefined ? undefined : writtenKey(this.#key);
    const meta = this.#meta === "" ? undefined : this.#meta;
    const plain = this.id === undefined && key === undefined && meta === undefined && !trace;
    if (plain && invalidReply === undefined) return plainCallHeaders(from, whole, clock);
    return requestHeaders({ from, timeout: whole, clock, call: this.id, key, meta, invalidReply, trace });
  }

  get #trace(): Trace | undefined {
    return this.operation?.trace ?? this.scope.trace;
  }

  /** Says who gets its outcome. (A closure around `resolve` would take as much memory as the request itself.) */
  answersTo(resolve: (outcome: AnyOutcome) => void): void {
    this.#resolve = resolve;
  }

  /** Reports the outcome, and then gives it to the caller. */
  ended(outcome: AnyOutcome): void {
    this.operation?.came(outcome);
    this.report(outcome);
    this.#resolve?.(outcome);
  }

  /** Counts, logs and emits an outcome of it, and tells the steps around it. A call to everyone has several. */
  report(outcome: AnyOutcome): void {
    this.env.reports.ended(this.target, outcome, this.#trace);
    this.#settled?.(outcome);
  }

  /** Its metadata, or the part with these names. Undefined for none, so that it costs nothing then. */
  #texts(names: readonly string[] | undefined): MetadataTexts | undefined {
    const texts = this.#metadata?.texts;
    if (texts === undefined || names === undefined) return texts;
    const some = names.flatMap((name) => (Object.hasOwn(texts, name) ? [[name, texts[name]] as [string, string]] : []));
    return some.length === 0 ? undefined : Object.fromEntries(some);
  }

  /** The call as its fallbacks see it. */
  get origin(): FallbackOrigin {
    const { env, target, scope, payload } = this;
    const { address, definition, peer } = target;
    return {
      address,
      input: this.#input,
      // Last known answers are kept per address and key.
      sent: (names) => ({ address, key: this.#key, meta: this.#texts(names), input: decode(payload).value }),
      output: definition.output,
      memory: peer.memory,
      patience: () => scope.allowance(env.caller.fallbackTimeout),
      failed: (err) => {
        const fields = () => ({ address, err, ...traceIds(this.#trace) });
        env.reports.fallbackFailed(`${target.mailbox}.${target.message}`, fields);
      },
      degraded(outcome) {
        tellDegraded(target, scope.trace, outcome);
        env.reports.degraded(address, outcome);
      },
    };
  }
}
