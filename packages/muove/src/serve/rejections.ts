import type { Issue } from "@muove/contract";
import { issuesInWords } from "@muove/contract/internal";
import { issueFields } from "../base/issue-fields.js";
import type { Endpoint } from "./endpoint.js";
import type { Host } from "./host.js";
import type { Replier } from "./replier.js";

// docs/protocol.md, clause R-4.

/** What the log says of a message. */
type About = () => object;

/** Answers that a message was read, and is not handled; counts and reports it. */
export class Rejections {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** It breaks the contract, or the schema of metadata. @param replier `undefined` for a cast or an event. */
  broken(
    endpoint: Endpoint,
    issues: readonly Issue[],
    from: string | undefined,
    about: About,
    replier: Replier | undefined,
  ): void {
    this.#reject(endpoint, issues, from, replier);
    const { log } = this.#host;
    const { address } = endpoint;
    const logged = () => ({ ...about(), fields: issueFields(issues) });
    // A sender with a contract checked it, so the contracts differ; the sender of a cast learns of it nowhere else.
    if (from !== undefined) log.error(`${address} broken`, logged, "rejected a message that breaks the contract");
    else log.warn(address, logged, "rejected a message of a client without Muove that breaks the contract");
  }

  /** It is in JSON, which cannot carry every answer to it. */
  unanswerable(
    endpoint: Endpoint,
    issues: readonly Issue[],
    from: string | undefined,
    about: About,
    replier: Replier | undefined,
  ): void {
    this.#reject(endpoint, issues, from, replier);
    const text = "rejected a call in JSON, which cannot carry every answer to it; send MessagePack";
    this.#host.log.warn(`${endpoint.address} in JSON`, about, text);
  }

  #reject(
    { address, figures }: Endpoint,
    issues: readonly Issue[],
    from: string | undefined,
    replier: Replier | undefined,
  ): void {
    const { env } = this.#host;
    env.counts.rejected++;
    figures.failure("rejected");
    replier?.status("rejected", `${address}: ${issuesInWords(issues)}`, { issues });
    if (env.events.heard("rejected")) env.events.emit("rejected", { address, issues, from });
  }
}
