import { longestTime } from "@muove/contract/internal";
import { decode } from "../codec/index.js";
import type { FallbackOrigin } from "../fallback/settle.js";
import { nonce } from "../inbox/nonces.js";
import type { AnyOutcome } from "../outcome/answer.js";
import { tellDegraded } from "../telemetry/degraded.js";
import { OutgoingOperation } from "../telemetry/outgoing.js";
import type { Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { payloadOf } from "../wire/outgoing.js";
import type { CallEnvironment } from "./call-environment.js";
import type { CallOptions } from "./call-options.js";
import type { Scope } from "./scope.js";
import type { CallTarget } from "./target.js";

/** What a call is sent by. */
export type Sendable = Pick<Prepared, "core" | "target" | "scope" | "payload" | "retries" | "timeout" | "trace" | "id">;

/** A call, checked and encoded. */
export class Prepared {
  readonly core: CallEnvironment;
  readonly target: CallTarget;
  readonly scope: Scope;
  readonly payload: Uint8Array;
  readonly retries: number;
  /** How long the whole may take, in ms. */
  readonly timeout: number;
  /** What it is cancelled by; nothing for one that cannot be. */
  readonly id: string | undefined;
  /** Who tells of it; nobody where no telemetry is listened to. */
  readonly operation: OutgoingOperation | undefined;
  readonly #input: unknown;

  /**
   * @param cancellable whether it may be cancelled without a signal, too.
   * @throws InvalidInput
   */
  constructor(
    core: CallEnvironment,
    target: CallTarget,
    within: Scope,
    input: unknown,
    options: CallOptions,
    cancellable = false,
  ) {
    const { timeout = target.definition.timeout, signal, retries = 0 } = options;
    this.core = core;
    this.target = target;
    this.scope = signal === undefined ? within : within.within(undefined, signal);
    this.payload = payloadOf(target, input, core.encoding);
    this.retries = this.scope.nested ? 0 : retries;
    this.timeout = this.scope.allowance(Math.min(timeout, longestTime));
    this.id = cancellable || this.scope.signals.length > 0 ? nonce() : undefined;
    this.operation = OutgoingOperation.call(target, core.from, this.scope.trace);
    this.#input = input;
  }

  /** Where it belongs. */
  get trace(): Trace | undefined {
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
    const { core, target, scope, payload, trace } = this;
    const { address, definition, peer } = target;
    return {
      address,
      input: this.#input,
      // What one address has answered is not known of another.
      sent: () => [address, decode(payload).value],
      output: definition.output,
      memory: peer.memory,
      patience: () => scope.allowance(core.fallbackTimeout),
      failed(err) {
        const fields = () => ({ message: address, err, ...traceIds(trace) });
        core.limitedLog.warn(`${target.mailbox}.${target.message} fallback`, fields, "a fallback failed");
      },
      degraded(outcome) {
        core.counts.degraded++;
        tellDegraded(target, scope.trace, outcome);
        if (core.events.heard("degraded")) core.events.emit("degraded", { address, outcome });
      },
    };
  }
}
