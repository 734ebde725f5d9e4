import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { Message } from "../link/index.js";
import type { DeadLetter } from "../outcome/dead-letter.js";
import { isNoResponders } from "../wire/no-responders.js";
import type { CastEnvironment } from "./cast-environment.js";
import type { Letter } from "./letter.js";

// docs/protocol.md, clauses C-2 to C-4.

/** What became of a cast; `unsent`: there is no connection, and nothing was handed over. */
export type Fate = "through" | "unsent" | DeadLetter["reason"];

/** A cast that goes ahead of others. */
class Probe implements PendingReply {
  readonly nonce = nonce();
  readonly subject: string;
  fate: Exclude<Fate, "unsent"> = "through";

  constructor(subject: string) {
    this.subject = subject;
  }

  received(message: Message): void {
    if (isNoResponders(message)) this.fate = "absent";
  }

  lost(): void {
    if (this.fate === "through") this.fate = "unreachable";
  }

  forbidden(): void {
    this.fate = "forbidden";
  }
}

/** Sends a cast and resolves to what became of it. Tells nobody else. */
export async function sendAhead(core: CastEnvironment, { target, payload, headers }: Letter): Promise<Fate> {
  const scout = new Probe(target.subject);
  const token = core.inbox.open(scout);
  try {
    const reply = core.inbox.subject(scout.nonce, token);
    if (!core.link.publish(target.subject, payload, { reply, headers })) return "unsent";
    if (!(await core.link.fence())) scout.lost();
    await core.inbox.refusalsSettled;
    return scout.fate;
  } finally {
    core.inbox.close(token);
  }
}
