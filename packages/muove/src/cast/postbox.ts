import { nonce } from "../inbox/nonces.js";
import type { DeadLetter } from "../outcome/dead-letter.js";
import { passedOn } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import type { CastEnvironment } from "./cast-environment.js";
import { CastWatch } from "./cast-watch.js";
import { DeadLetters } from "./dead-letters.js";
import type { CastTarget, Letter, Sent } from "./letter.js";
import { type Fate, sendAhead } from "./send-ahead.js";

/** Where casts and events leave: hands them to the connection, watches what becomes of them, and buries those that reached nobody. */
export class Postbox {
  readonly #core: CastEnvironment;
  readonly #watch: CastWatch;
  readonly #deadLetters: DeadLetters;

  constructor(core: CastEnvironment) {
    this.#core = core;
    this.#watch = new CastWatch(core.link, core.inbox, this.bury);
    core.inbox.keep(this.#watch);
    this.#deadLetters = new DeadLetters(core.counts, core.events, core.log);
  }

  /** Sends a cast and watches it. False: there is no connection, and nothing was handed over. */
  post(letter: Letter): boolean {
    const { link, inbox } = this.#core;
    const { target, input, payload, headers, elsewhere } = letter;
    const [drawn, token] = [nonce(), inbox.reserve()];
    if (!link.publish(target.subject, payload, { reply: inbox.subject(drawn, token), headers })) return false;
    this.sent(letter);
    this.#watch.watch(drawn, token, { target, input, headers, elsewhere });
    return true;
  }

  /** Whether it can be sent: the server that is there now may take less than was known of it when the cast was made. */
  fits({ target, payload, headers }: Letter): boolean {
    const { link, log } = this.#core;
    const [size, limit] = [payload.length + headers.length, link.maxPayload];
    if (size > limit) {
      const fields = { message: target.address, size, limit, ...traceIds(passedOn(headers)) };
      log.error(fields, "a cast that waited does not fit into a message");
    }
    return size <= limit;
  }

  /** Counts what was handed to the connection. */
  sent({ target }: Sent): void {
    this.#core.counts[target.definition.kind === "cast" ? "casts" : "events"]++;
  }

  /** Counts what may be dropped, and was. */
  dropped({ definition }: CastTarget): void {
    this.#core.counts[definition.kind === "cast" ? "droppedCasts" : "droppedEvents"]++;
  }

  /** Sends a cast and resolves to what became of it; whoever sends it ahead decides what follows. */
  ahead(letter: Letter): Promise<Fate> {
    return sendAhead(this.#core, letter);
  }

  /** It is known, or feared, to have reached nobody; which is all right for an event to which nobody listens. */
  readonly bury = (cast: Sent, reason: DeadLetter["reason"], delivered: DeadLetter["delivered"]): void => {
    if (reason === "absent" && cast.elsewhere !== undefined) return cast.elsewhere();
    if (reason === "absent" && cast.target.definition.kind === "event") return;
    this.#deadLetters.add(cast, reason, delivered);
  };

  /** Resolves when nothing is watched any more. */
  idle(): Promise<void> {
    return this.#watch.idle();
  }
}
