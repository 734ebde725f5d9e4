import { longestTime } from "@muove/contract/internal";
import { decode, type Encoding } from "../codec/index.js";
import type { Core } from "../core/core.js";
import type { FallbackOrigin } from "../fallback/settle.js";
import { payloadOf } from "../wire/outgoing.js";
import { traceIds } from "../wire/trace-ids.js";
import type { Scope } from "./scope.js";
import type { CallOptions } from "./send-call.js";
import type { CallTarget } from "./target.js";

/** What a call is sent by. */
export type Sendable = Pick<Prepared, "core" | "target" | "scope" | "payload" | "repeats" | "timeout" | "encoding">;

/** A call, checked and encoded. */
export class Prepared {
  readonly core: Core;
  readonly target: CallTarget;
  readonly scope: Scope;
  readonly payload: Uint8Array;
  readonly repeats: number;
  /** How long the whole may take, in ms. */
  readonly timeout: number;
  readonly #input: unknown;

  /** @throws InvalidInput */
  constructor(core: Core, target: CallTarget, within: Scope, input: unknown, options: CallOptions) {
    const { timeout = target.definition.timeout, signal, repeats = 0 } = options;
    this.core = core;
    this.target = target;
    this.scope = signal === undefined ? within : within.within(undefined, signal);
    this.payload = payloadOf(target, input, core.encoding);
    this.repeats = this.scope.nested ? 0 : repeats;
    this.timeout = this.scope.allowance(Math.min(timeout, longestTime));
    this.#input = input;
  }

  /** Nothing for a call that carries nothing. */
  get encoding(): Encoding | undefined {
    return this.payload.length === 0 ? undefined : this.core.encoding;
  }

  /** The call as its fallbacks see it. */
  get origin(): FallbackOrigin {
    const { core, target, scope, payload } = this;
    const { address, definition, peer } = target;
    return {
      address,
      input: this.#input,
      sent: () => decode(payload).value,
      output: definition.output,
      memory: peer.memory,
      patience: () => scope.allowance(core.fallbackTimeout),
      failed(err) {
        const fields = () => ({ message: address, err, ...traceIds(scope.traceparent) });
        core.sparsely.warn(`${address} fallback`, fields, "a fallback failed");
      },
      degraded(outcome) {
        core.counts.degraded++;
        if (core.events.heard("degraded")) core.events.emit("degraded", { address, outcome });
      },
    };
  }
}
