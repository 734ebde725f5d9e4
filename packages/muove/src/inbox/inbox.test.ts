import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Link } from "../link/index.js";
import { NatsMessage } from "../link/nats-message.js";
import { Inbox } from "./inbox.js";
import { nonce } from "./nonces.js";
import type { Ledger, PendingReply } from "./pending-reply.js";

type Check = Parameters<Link["check"]>[0];

/** The inbox's subscription and connection, controlled by the test. */
class Wire {
  state = "open";
  subject = "";
  readonly checks: Check[] = [];
  #receive: (message: NatsMessage) => void = () => {};

  readonly link = {
    subscribe: (subject: string, { receive }: { receive(message: NatsMessage): void }) => {
      this.subject = subject;
      this.#receive = receive;
      return this;
    },
    check: (check: Check) => {
      check.asked();
      this.checks.push(check);
    },
  } as unknown as Link;

  bring(subject: string): void {
    this.#receive(to(subject));
  }
}

/** An empty message to a subject. */
function to(subject: string): NatsMessage {
  const bytes = Buffer.from(`MSG ${subject} 1 0`, "latin1");
  return new NatsMessage({ publish: () => false }, bytes, 4, 4 + subject.length, 0, 0, 0, 0, 0);
}

function waiting(subject = "muove.pricing.quote") {
  return { nonce: nonce(), subject, received: vi.fn(), lost: vi.fn(), forbidden: vi.fn() } satisfies PendingReply;
}

/** A ledger of pending sends, by token. */
function ledger(tokens: Record<number, string>, subject = "muove.pricing.quote") {
  return {
    size: Object.keys(tokens).length,
    nonceOf: (token: number) => tokens[token],
    received: vi.fn(),
    lost: vi.fn(),
    tokensTo: (to: string) => (to === subject ? Object.keys(tokens).map(Number) : []),
    forbidden: vi.fn(),
  } satisfies Ledger;
}

/** Opens a pending reply and returns its reply subject. */
const open = (awaiting: PendingReply): string => inbox.subject(awaiting.nonce, inbox.open(awaiting));

let wire: Wire;
let inbox: Inbox;
beforeEach(() => {
  wire = new Wire();
  inbox = new Inbox(wire.link, "_INBOX_test.1");
});

describe("an inbox", () => {
  test("has one subscription, however many replies are pending", () => {
    expect(wire.subject).toBe("_INBOX_test.1.*");
  });

  test("delivers a reply to its request only", () => {
    const [first, second] = [waiting(), waiting()];
    inbox.open(first);
    const subject = open(second);
    wire.bring(subject);
    expect(second.received).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ subject }));
    expect(first.received).not.toHaveBeenCalled();
    expect(inbox.strays).toBe(0);
  });

  test("INBOX-1 uses a token once: a message after it was closed is a stray", () => {
    const gone = waiting();
    const token = inbox.open(gone);
    inbox.close(token);
    const tokens = new Set([token, ...Array.from({ length: 100 }, () => inbox.open(waiting()))]);
    expect(tokens.size).toBe(101);
    wire.bring(inbox.subject(gone.nonce, token));
    expect(gone.received).not.toHaveBeenCalled();
    expect(inbox.strays).toBe(1);
  });

  test.each(["", "never-given", "00", "01", "+1", "1 ", "-1", "0x1", "1.0", "1e0", "9".repeat(16), "\xb9"])(
    "ignores the token %j: only a number in canonical form is valid",
    (token) => {
      const [first, second] = [waiting(), waiting()];
      inbox.open(first);
      inbox.open(second);
      wire.bring(`_INBOX_test.1.${first.nonce}${token}`);
      expect(first.received).not.toHaveBeenCalled();
      expect(second.received).not.toHaveBeenCalled();
      expect(inbox.strays).toBe(1);
    },
  );

  test("INBOX-3 refuses a reply whose nonce is missing or differs in any character", () => {
    const first = waiting();
    const subject = open(first);
    const at = subject.lastIndexOf(".") + 1;
    for (let i = at; i < subject.length; i++) {
      const other = subject[i] === "a" ? "b" : "a";
      wire.bring(subject.slice(0, i) + other + subject.slice(i + 1));
    }
    wire.bring(`_INBOX_test.1.0`);
    wire.bring(`_INBOX_test.1.`);
    wire.bring(subject.slice(0, -1));
    expect(first.received).not.toHaveBeenCalled();
    wire.bring(subject);
    expect(first.received).toHaveBeenCalledOnce();
  });

  test("works with tokens of more than 32 bits", () => {
    const [first, second] = [waiting(), waiting()];
    wire.bring(inbox.subject(first.nonce, 2 ** 40));
    inbox.open(first);
    wire.bring(inbox.subject(first.nonce, 2 ** 32));
    inbox.open(second);
    expect(first.received).not.toHaveBeenCalled();
    expect(inbox.strays).toBe(2);
  });

  test("INBOX-2 notifies all pending replies that the connection was lost, even if they close meanwhile", () => {
    const places = [waiting(), waiting(), waiting()];
    for (const place of places) {
      const token = inbox.open(place);
      place.lost.mockImplementation(() => inbox.close(token));
    }
    inbox.lost();
    for (const { lost } of places) expect(lost).toHaveBeenCalledOnce();
    expect(inbox.size).toBe(0);
  });

  test("INBOX-2 does not notify requests that are sent in response to the loss", () => {
    const next = waiting();
    const first = waiting();
    first.lost.mockImplementation(() => inbox.open(next));
    inbox.open(first);
    inbox.lost();
    expect(next.lost).not.toHaveBeenCalled();
  });

  test("asks the ledger before it counts a message as a stray, and includes the ledger in its size", () => {
    const token = inbox.reserve();
    const drawn = nonce();
    const kept = ledger({ [token]: drawn });
    inbox.keep(kept);
    inbox.open(waiting());
    expect(inbox.size).toBe(2);
    wire.bring(inbox.subject(drawn, token));
    expect(kept.received).toHaveBeenCalledExactlyOnceWith(token, expect.anything());
    expect(inbox.strays).toBe(0);
    wire.bring(inbox.subject(nonce(), token));
    wire.bring(inbox.subject(drawn, token + 1));
    expect(inbox.strays).toBe(2);
    inbox.lost();
    expect(kept.lost).toHaveBeenCalledOnce();
  });

  test("INBOX-2 loses what waits when the server takes it away, and nothing when it takes another subject", () => {
    const awaiting = waiting();
    inbox.open(awaiting);
    const kept = ledger({});
    inbox.keep(kept);
    inbox.subscriptionRefused("muove.pricing.quote");
    expect(awaiting.lost).not.toHaveBeenCalled();
    inbox.subscriptionRefused("_INBOX_test.1.*");
    expect(awaiting.lost).toHaveBeenCalledOnce();
    expect(kept.lost).not.toHaveBeenCalled();
  });

  test("knows when it is forbidden, so that no reply can come", () => {
    expect(inbox.forbidden).toBe(false);
    wire.state = "forbidden";
    expect(inbox.forbidden).toBe(true);
  });
});

describe("a refusal by the server, which names only a subject", () => {
  const subject = "muove.pricing.quote";

  test("is reported when a PONG makes it certain, and not for another subject", () => {
    const [refused, other] = [waiting(subject), waiting("muove.pricing.ping")];
    inbox.open(refused);
    inbox.open(other);
    inbox.publishForbidden(subject);
    expect(refused.forbidden).not.toHaveBeenCalled();
    pong();
    expect(refused.forbidden).toHaveBeenCalledOnce();
    expect(other.forbidden).not.toHaveBeenCalled();
    expect(inbox.refusalsSettled).toBeUndefined();
  });

  test("PUBLISH-REFUSALS-1 is reported for all pending sends if there are as many refusals, ledger included", () => {
    const first = waiting(subject);
    inbox.open(first);
    const token = inbox.reserve();
    const kept = ledger({ [token]: nonce() });
    inbox.keep(kept);
    inbox.publishForbidden(subject);
    inbox.publishForbidden(subject);
    pong();
    expect(first.forbidden).toHaveBeenCalledOnce();
    expect(kept.forbidden).toHaveBeenCalledExactlyOnceWith(token);
  });

  test.each([
    ["the other one still waits", () => {}],
    ["the other one has timed out meanwhile", (token: number) => inbox.close(token)],
  ])("PUBLISH-REFUSALS-1 is reported for none if it could mean either of two: %s", (_, meanwhile) => {
    const [first, second] = [waiting(subject), waiting(subject)];
    const token = inbox.open(first);
    inbox.open(second);
    meanwhile(token);
    inbox.publishForbidden(subject);
    pong();
    expect(first.forbidden).not.toHaveBeenCalled();
    expect(second.forbidden).not.toHaveBeenCalled();
  });

  test("PUBLISH-REFUSALS-1 is reported when answers leave no other that it could mean", () => {
    const [refused, ...answered] = [waiting(subject), waiting(subject), waiting(subject)];
    const tokens = answered.map((each) => {
      const token = inbox.open(each);
      each.received.mockImplementation(() => inbox.close(token));
      return token;
    });
    inbox.open(refused);
    inbox.publishForbidden(subject);
    pong();
    for (const [i, each] of answered.entries()) {
      expect(refused.forbidden).not.toHaveBeenCalled();
      wire.bring(inbox.subject(each.nonce, tokens[i] as number));
    }
    expect(refused.forbidden).toHaveBeenCalledOnce();
  });

  test("PUBLISH-REFUSALS-1 is reported for none if one that it could mean times out", () => {
    const [late, answered, other] = [waiting(subject), waiting(subject), waiting(subject)];
    const [token, next] = [inbox.open(late), inbox.open(answered)];
    answered.received.mockImplementation(() => inbox.close(next));
    inbox.open(other);
    inbox.publishForbidden(subject);
    pong();
    inbox.close(token);
    wire.bring(inbox.subject(answered.nonce, next));
    expect(other.forbidden).not.toHaveBeenCalled();
  });

  test("PUBLISH-REFUSALS-1 is reported for those that wait if all that it could mean are meant", () => {
    const [late, answered, other] = [waiting(subject), waiting(subject), waiting(subject)];
    const [token, next] = [inbox.open(late), inbox.open(answered)];
    answered.received.mockImplementation(() => inbox.close(next));
    inbox.open(other);
    inbox.publishForbidden(subject);
    inbox.publishForbidden(subject);
    pong();
    inbox.close(token);
    wire.bring(inbox.subject(answered.nonce, next));
    expect(other.forbidden).toHaveBeenCalledOnce();
  });

  test("is not reported for answered requests or those sent after the PING", () => {
    const [answered, refused, later] = [waiting(subject), waiting(subject), waiting(subject)];
    const token = inbox.open(answered);
    answered.received.mockImplementation(() => inbox.close(token));
    inbox.open(refused);
    wire.bring(inbox.subject(answered.nonce, token));
    inbox.publishForbidden(subject);
    inbox.open(later);
    pong();
    expect(refused.forbidden).toHaveBeenCalledOnce();
    expect(later.forbidden).not.toHaveBeenCalled();
  });

  test("PUBLISH-REFUSALS-2 is not reported for requests before the PING of an earlier refusal", () => {
    const [taken, doubtful, refused] = [waiting(subject), waiting(subject), waiting(subject)];
    inbox.open(taken);
    inbox.open(doubtful);
    inbox.publishForbidden(subject);
    pong();
    inbox.open(refused);
    inbox.publishForbidden(subject);
    pong();
    expect(refused.forbidden).toHaveBeenCalledOnce();
    expect(taken.forbidden).not.toHaveBeenCalled();
    expect(doubtful.forbidden).not.toHaveBeenCalled();
  });

  test("is not reported for requests that were never sent", () => {
    inbox.withdraw(inbox.open(waiting(subject)));
    const refused = waiting(subject);
    inbox.open(refused);
    inbox.publishForbidden(subject);
    pong();
    expect(refused.forbidden).toHaveBeenCalledOnce();
  });

  test("PUBLISH-REFUSALS-1 is reported for none if more requests ended unanswered than are remembered", () => {
    for (let i = 0; i < 2_000; i++) inbox.close(inbox.open(waiting("muove.pricing.ping")));
    const first = waiting(subject);
    inbox.open(first);
    inbox.publishForbidden(subject);
    pong();
    expect(first.forbidden).not.toHaveBeenCalled();
    const second = waiting(subject);
    inbox.open(second);
    inbox.publishForbidden(subject);
    pong();
    expect(second.forbidden).toHaveBeenCalledOnce();
  });

  test("is reported for none if the connection ends first", () => {
    const first = waiting(subject);
    inbox.open(first);
    inbox.publishForbidden(subject);
    wire.checks.shift()?.ended(false);
    expect(first.forbidden).not.toHaveBeenCalled();
    expect(inbox.refusalsSettled).toBeUndefined();
  });

  function pong(): void {
    wire.checks.shift()?.ended(true);
  }
});
