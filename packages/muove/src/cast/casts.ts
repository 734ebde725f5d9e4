import type { WhenUnreachable } from "@muove/contract";
import { optionProblems, whenUnreachableProblem } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Scope } from "../call/scope.js";
import type { KeyRoute } from "../presence/key-route.js";
import { OutgoingOperation } from "../telemetry/outgoing.js";
import { type HeaderBlock, requestHeaders } from "../wire/headers.js";
import { writtenKey } from "../wire/key.js";
import { checkSize, payloadOf } from "../wire/outgoing.js";
import { CastBuffer } from "./cast-buffer.js";
import type { CastEnvironment } from "./cast-environment.js";
import type { DeadLetters } from "./dead-letters.js";
import { KeyedCasts } from "./keyed-casts.js";
import type { CastTarget, Letter } from "./letter.js";
import { Postbox } from "./postbox.js";
import { buffered, type Receipt, sent, unsent } from "./receipt.js";
import { WaitingRoom } from "./waiting-room.js";

/** Options of a cast, and of publishing an event. */
export interface CastOptions {
  /** What to do while there is no connection to NATS. Default: what the contract says. */
  readonly whenUnreachable?: WhenUnreachable | undefined;
}

/** The casts and events of a bus: sends them, buffers them, or makes them dead letters. */
export class Casts {
  readonly #env: CastEnvironment;
  /** The headers of all messages outside a trace, built once. */
  readonly #headers: HeaderBlock;
  readonly #postbox: Postbox;
  readonly #buffer: CastBuffer;
  readonly #keyed: KeyedCasts;

  /** @param limit how many casts may wait. */
  constructor(env: CastEnvironment, deadLetters: DeadLetters, limit: number) {
    this.#env = env;
    this.#headers = requestHeaders({ from: env.from });
    this.#postbox = new Postbox(env, deadLetters);
    const room = new WaitingRoom(limit);
    this.#buffer = new CastBuffer(this.#postbox, room);
    this.#keyed = new KeyedCasts(env.link, this.#postbox, room);
  }

  /**
   * Sends a cast or publishes an event at once.
   *
   * @throws InvalidOptions, InvalidInput, TooLarge
   */
  send(target: CastTarget, scope: Scope, input: unknown, options?: CastOptions): Receipt {
    const { whenUnreachable = target.definition.whenUnreachable } = checked(options, target);
    const letter = this.#write(target, scope, input);
    const receipt = this.#post(letter, whenUnreachable);
    letter.operation?.left(receipt);
    letter.settled?.(receipt);
    return receipt;
  }

  #post(letter: Letter, whenUnreachable: WhenUnreachable): Receipt {
    const { target } = letter;
    const mayWait = typeof whenUnreachable === "object";
    const behind = mayWait && this.#buffer.holds(target.line); // CAST-BUFFER-2
    if (!behind && this.#postbox.post(letter)) return sent;
    if (mayWait && this.#buffer.add(letter, whenUnreachable.bufferFor)) return buffered;
    if (whenUnreachable === "drop") this.#postbox.dropped(target);
    else this.#postbox.giveUp(letter, "unreachable", "no");
    return unsent;
  }

  /**
   * Sends a cast by key.
   *
   * @throws InvalidOptions, InvalidInput, TooLarge
   */
  sendKeyed(
    target: CastTarget,
    key: string,
    route: KeyRoute<CastTarget>,
    scope: Scope,
    input: unknown,
    options?: CastOptions,
  ): Receipt {
    const { whenUnreachable = target.definition.whenUnreachable } = checked(options, target);
    const letter = this.#write(target, scope, input, key);
    const receipt = this.#keyed.send({ ...letter, route }, whenUnreachable);
    letter.operation?.left(receipt);
    letter.settled?.(receipt);
    return receipt;
  }

  /** Sends what waited for a connection. */
  connected(): void {
    this.#buffer.flush();
  }

  /** Dead-letters what still waits. Resolves when the rest has settled. */
  async close(): Promise<void> {
    this.#keyed.close();
    await Promise.all([this.#buffer.close(), this.#postbox.idle()]);
  }

  #write(target: CastTarget, { trace, metadata }: Scope, input: unknown, key?: string): Letter {
    const { from, encoding, link, sendSteps } = this.#env;
    const payload = payloadOf(target, input, encoding);
    const { metadata: own, settled } = sendSteps.take(target, target.definition.kind, input, metadata);
    const meta = this.#env.metadata.headerOf(own, target.address);
    const operation = OutgoingOperation.message(target, this.#env, trace);
    const lines = (operation?.trace ?? trace)?.lines;
    const plain = key === undefined && meta === "" && !lines;
    const headers = plain
      ? this.#headers
      : requestHeaders({ from, key: key === undefined ? key : writtenKey(key), meta: meta || undefined, trace: lines });
    checkSize(target, payload, headers, link.maxPayload);
    return { target, input, payload, headers, operation, settled, elsewhere: undefined };
  }
}

function checked(options: CastOptions | undefined, { address, definition }: CastTarget): CastOptions {
  if (options === undefined) return {};
  const problems = optionProblems(options, { whenUnreachable: whenUnreachableProblem });
  if (problems.length > 0) throw new InvalidOptions(`The options of the ${definition.kind} ${address}`, problems);
  return options;
}
