import type { Issue } from "@muove/contract";
import { issuesInWords } from "@muove/contract/internal";
import type { Endpoint } from "./endpoint.js";
import type { Host } from "./host.js";
import type { Replier } from "./replier.js";

// docs/protocol.md, clause R-4.

/** Answers that a message was read, and is not handled; counts and reports it. */
export class Rejections {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** @param logged what the log says of the message. @param replier `undefined` for a cast or an event. */
  reject(
    { address, figures }: Endpoint,
    issues: readonly Issue[],
    from: string | undefined,
    logged: () => object,
    replier: Replier | undefined,
    text: string,
  ): void {
    const { env, log } = this.#host;
    env.counts.rejected++;
    figures.failure("rejected");
    replier?.status("rejected", `${address}: ${issuesInWords(issues)}`, { issues });
    if (env.events.heard("rejected")) env.events.emit("rejected", { address, issues, from });
    log.warn(address, logged, text);
  }
}
