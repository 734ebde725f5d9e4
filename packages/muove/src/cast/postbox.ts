import { nonce } from "../inbox/nonces.js";
import type { DeadLetter } from "../outcome/dead-letter.js";
import { passedOn } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import type { CastEnvironment } from "./cast-environment.js";
import { CastWatch } from "./cast-watch.js";
import type { DeadLetters } from "./dead-letters.js";
import type { CastTarget, Letter, Sent } from "./letter.js";
import { type SendResult, sendProbe } from "./probe.js";

/**
 * The way out for casts and events: publishes them, watches them, and makes dead letters of those that reached nobody.
 */
export class Postbox {
  readonly #env: CastEnvironment;
  readonly #watch: CastWatch;
  readonly #deadLetters: DeadLetters;

  constructor(env: CastEnvironment, deadLetters: DeadLetters) {
    this.#env = env;
    this.#watch = new CastWatch(env.link, env.inbox, this.giveUp);
    env.inbox.keep(this.#watch);
    this.#deadLetters = deadLetters;
  }

  get connected(): boolean {
    return this.#env.link.up;
  }

  /** Publishes a letter and watches it. False: there is no connection, and nothing was published. */
  post(letter: Letter): boolean {
    const { link, inbox } = this.#env;
    const { target, input, payload, headers, elsewhere } = letter;
    const [random, token] = [nonce(), inbox.reserve()];
    if (!link.publish(target.subject, payload, { reply: inbox.subject(random, token), headers })) return false;
    this.sent(letter);
    this.#watch.watch(random, token, { target, input, headers, elsewhere });
    return true;
  }

  /** Whether the server accepts its size. It may have been made before the first connection, or for another server. */
  fits({ target, payload, headers }: Letter): boolean {
    const { link, log } = this.#env;
    const [size, limit] = [payload.length + headers.length, link.maxPayload];
    if (size > limit) {
      const fields = { address: target.address, size, limit, ...traceIds(passedOn(headers)) };
      log.error(fields, "a buffered cast exceeds the server's max_payload");
    }
    return size <= limit;
  }

  /** Counts a letter that was published. */
  sent({ target }: Sent): void {
    this.#env.counts[target.definition.kind === "cast" ? "casts" : "events"]++;
  }

  /** Counts a letter that was dropped. */
  dropped({ definition }: CastTarget): void {
    this.#env.counts[definition.kind === "cast" ? "droppedCasts" : "droppedEvents"]++;
  }

  /** Publishes a letter and resolves to its result. Makes no dead letter. */
  probe(letter: Letter): Promise<SendResult> {
    return sendProbe(this.#env, letter);
  }

  /** For a letter that reached nobody, or may have. An event without listeners is not a failure. */
  readonly giveUp = (cast: Sent, reason: DeadLetter["reason"], delivered: DeadLetter["delivered"]): void => {
    if (reason === "absent" && cast.elsewhere !== undefined) return cast.elsewhere();
    if (reason === "absent" && cast.target.definition.kind === "event") return;
    this.#deadLetters.add(cast, reason, delivered);
  };

  /** Resolves when no cast is watched. */
  idle(): Promise<void> {
    return this.#watch.idle();
  }
}
