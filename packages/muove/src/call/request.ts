import { maxTimerDelay } from "@muove/contract/internal";
import { decode } from "../codec/index.js";
import type { FallbackOrigin } from "../fallback/settle.js";
import { nonce } from "../inbox/nonces.js";
import type { AnyOutcome } from "../outcome/answer.js";
import { tellDegraded } from "../telemetry/degraded.js";
import { OutgoingOperation } from "../telemetry/outgoing.js";
import type { Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { type HeaderBlock, plainCallHeaders, requestHeaders } from "../wire/headers.js";
import { checkSize, payloadOf } from "../wire/outgoing.js";
import type { CallEnvironment } from "./call-environment.js";
import type { CallOptions } from "./call-options.js";
import type { Scope } from "./scope.js";
import type { CallTarget } from "./target.js";

/** What of a request depends on how it is addressed. */
export interface Addressing {
  /** The key that it is sent by: what was answered for one is not known of another. */
  readonly key?: string;
  /** Whether it may be cancelled without a signal, too. */
  readonly cancellable?: boolean;
}

/** A call, checked and encoded: what the steps of its way share, whatever its address. */
export class Request {
  readonly env: CallEnvironment;
  readonly target: CallTarget;
  readonly scope: Scope;
  readonly payload: Uint8Array;
  readonly retries: number;
  /** How long the whole may take, in ms. */
  readonly timeout: number;
  /** On the clock of `performance.now()`. */
  readonly madeAt: number;
  /** What it is cancelled by; nothing for one that cannot be. */
  readonly id: string | undefined;
  /** Who tells of it; nobody where no telemetry is listened to. */
  readonly operation: OutgoingOperation | undefined;
  readonly #input: unknown;
  readonly #key: string | undefined;
  readonly #headers: HeaderBlock;

  /** @throws InvalidInput, TooLarge */
  constructor(
    env: CallEnvironment,
    target: CallTarget,
    within: Scope,
    input: unknown,
    options: CallOptions,
    { key, cancellable = false }: Addressing = {},
  ) {
    const { timeout = target.definition.timeout, signal, retries = 0 } = options;
    this.env = env;
    this.target = target;
    this.scope = signal === undefined ? within : within.within(undefined, signal);
    this.payload = payloadOf(target, input, env.encoding);
    this.retries = this.scope.nested ? 0 : retries;
    this.timeout = this.scope.allowance(Math.min(timeout, maxTimerDelay));
    this.id = cancellable || this.scope.signals.length > 0 ? nonce() : undefined;
    this.operation = OutgoingOperation.call(target, env.from, this.scope.trace);
    this.#input = input;
    this.#key = key;
    this.madeAt = performance.now();
    this.#headers = this.#headersAt(this.timeout, this.madeAt);
    checkSize(target, this.payload, this.#headers, env.link.maxPayload);
  }

  /** When its time is over, on the clock of `performance.now()`. */
  get endsAt(): number {
    return this.madeAt + this.timeout;
  }

  /** The headers of an attempt that begins then and is given `timeout` ms. */
  headers(timeout: number, now: number): HeaderBlock {
    return now === this.madeAt ? this.#headers : this.#headersAt(timeout, now);
  }

  #headersAt(timeout: number, now: number): HeaderBlock {
    const { from, clockOrigin } = this.env;
    const [whole, clock] = [Math.ceil(timeout), Math.floor(clockOrigin + now)];
    const trace = this.#trace?.lines;
    if (this.id === undefined && !trace) return plainCallHeaders(from, whole, clock);
    return requestHeaders({ from, timeout: whole, clock, call: this.id, trace });
  }

  get #trace(): Trace | undefined {
    return this.operation?.trace ?? this.scope.trace;
  }

  /** Who tells of what came of it, before anybody else learns it. */
  told(resolve: (outcome: AnyOutcome) => void): (outcome: AnyOutcome) => void {
    const { operation } = this;
    if (operation === undefined) return resolve;
    return (outcome) => {
      operation.came(outcome);
      resolve(outcome);
    };
  }

  /** The call as its fallbacks see it. */
  get origin(): FallbackOrigin {
    const { env, target, scope, payload } = this;
    const { address, definition, peer } = target;
    // What one address has answered is not known of another.
    const place = this.#key === undefined ? [address] : [this.#key, address];
    return {
      address,
      input: this.#input,
      sent: () => [...place, decode(payload).value],
      output: definition.output,
      memory: peer.memory,
      patience: () => scope.allowance(env.fallbackTimeout),
      failed: (err) => {
        const fields = () => ({ message: address, err, ...traceIds(this.#trace) });
        env.limitedLog.warn(`${target.mailbox}.${target.message} fallback`, fields, "a fallback failed");
      },
      degraded(outcome) {
        env.counts.degraded++;
        tellDegraded(target, scope.trace, outcome);
        if (env.events.heard("degraded")) env.events.emit("degraded", { address, outcome });
      },
    };
  }
}
