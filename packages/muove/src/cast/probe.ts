import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { NatsMessage } from "../link/index.js";
import type { DeadLetter } from "../outcome/dead-letter.js";
import { isNoResponders } from "../wire/no-responders.js";
import type { CastEnvironment } from "./cast-environment.js";
import type { Letter } from "./letter.js";

// docs/protocol.md, clauses C-2 to C-4.

/** What became of a published letter. `accepted`: nobody reported a failure; `unsent`: there was no connection. */
export type SendResult = "accepted" | "unsent" | DeadLetter["reason"];

/** A letter that is published alone, to find out whether anybody receives it. */
class Probe implements PendingReply {
  readonly nonce = nonce();
  readonly subject: string;
  result: Exclude<SendResult, "unsent"> = "accepted";

  constructor(subject: string) {
    this.subject = subject;
  }

  received(message: NatsMessage): void {
    if (isNoResponders(message)) this.result = "absent";
  }

  lost(): void {
    if (this.result === "accepted") this.result = "unreachable";
  }

  forbidden(): void {
    this.result = "forbidden";
  }
}

/** Publishes a letter and resolves to its result. Counts and reports nothing. */
export async function sendProbe(env: CastEnvironment, { target, payload, headers }: Letter): Promise<SendResult> {
  const probe = new Probe(target.subject);
  const token = env.inbox.open(probe);
  try {
    const reply = env.inbox.subject(probe.nonce, token);
    if (!env.link.publish(target.subject, payload, { reply, headers })) return "unsent";
    if (!(await env.link.fence())) probe.lost();
    await env.inbox.refusalsSettled;
    return probe.result;
  } finally {
    env.inbox.close(token);
  }
}
