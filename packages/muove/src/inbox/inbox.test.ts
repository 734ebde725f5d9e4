import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Link, Message } from "../link/index.js";
import { type Awaiting, Inbox } from "./inbox.js";

/** The one subscription that an inbox has, in the test's hands. */
class Wire {
  state = "open";
  subject = "";
  #receive: (message: Message) => void = () => {};

  readonly link = {
    subscribe: (subject: string, { receive }: { receive(message: Message): void }) => {
      this.subject = subject;
      this.#receive = receive;
      return this;
    },
  } as unknown as Link;

  bring(subject: string): void {
    this.#receive({ subject } as Message);
  }
}

function waiting(subject = "muove.pricing.quote") {
  return { subject, received: vi.fn(), lost: vi.fn(), forbidden: vi.fn() } satisfies Awaiting;
}

let wire: Wire;
let inbox: Inbox;
beforeEach(() => {
  wire = new Wire();
  inbox = new Inbox(wire.link, "_INBOX_test.1");
});

describe("an inbox", () => {
  test("is one subscription, whatever waits", () => {
    expect(wire.subject).toBe("_INBOX_test.1.*");
  });

  test("brings a reply to whom it is for, and to nobody else", () => {
    const [first, second] = [waiting(), waiting()];
    inbox.open(first);
    const subject = inbox.subject(inbox.open(second));
    wire.bring(subject);
    expect(second.received).toHaveBeenCalledExactlyOnceWith({ subject });
    expect(first.received).not.toHaveBeenCalled();
    expect(inbox.strays).toBe(0);
  });

  test("I1 uses a token once: what comes after its place was closed is a stray", () => {
    const gone = waiting();
    const token = inbox.open(gone);
    inbox.close(token);
    const tokens = new Set([token, ...Array.from({ length: 100 }, () => inbox.open(waiting()))]);
    expect(tokens.size).toBe(101);
    wire.bring(inbox.subject(token));
    wire.bring(inbox.subject("never-given"));
    wire.bring("_INBOX_test.1.");
    expect(gone.received).not.toHaveBeenCalled();
    expect(inbox.strays).toBe(3);
  });

  test("does not find what every object has: a token is a key of a map", () => {
    wire.bring(inbox.subject("constructor"));
    wire.bring(inbox.subject("__proto__"));
    expect(inbox.strays).toBe(2);
  });

  test("I2 tells everything that waits that the connection was lost, also what closes its place meanwhile", () => {
    const places = [waiting(), waiting(), waiting()];
    for (const place of places) {
      const token = inbox.open(place);
      place.lost.mockImplementation(() => inbox.close(token));
    }
    inbox.lost();
    for (const { lost } of places) expect(lost).toHaveBeenCalledOnce();
    expect(inbox.size).toBe(0);
  });

  test("I2 does not tell what was sent after the loss, in answer to it", () => {
    const next = waiting();
    const first = waiting();
    first.lost.mockImplementation(() => inbox.open(next));
    inbox.open(first);
    inbox.lost();
    expect(next.lost).not.toHaveBeenCalled();
  });

  test("tells what was published to a forbidden subject, and nothing else", () => {
    const [refused, other] = [waiting("muove.pricing.quote"), waiting("muove.pricing.ping")];
    inbox.open(refused);
    inbox.open(other);
    inbox.publishForbidden("muove.pricing.quote");
    expect(refused.forbidden).toHaveBeenCalledOnce();
    expect(other.forbidden).not.toHaveBeenCalled();
  });

  test("knows when it is itself forbidden, so that no reply could ever come", () => {
    expect(inbox.forbidden).toBe(false);
    wire.state = "forbidden";
    expect(inbox.forbidden).toBe(true);
  });
});
