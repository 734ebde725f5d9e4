import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Link } from "../link/index.js";
import { Message } from "../link/message.js";
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
    this.#receive(to(subject));
  }
}

/** A message to a subject that carries nothing. */
function to(subject: string): Message {
  const bytes = Buffer.from(`MSG ${subject} 1 0`, "latin1");
  return new Message(bytes, 4, 4 + subject.length, 0, 0, 0, 0, 0);
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
    expect(second.received).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ subject }));
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
    expect(gone.received).not.toHaveBeenCalled();
    expect(inbox.strays).toBe(1);
  });

  test.each(["", "never-given", "00", "01", "+1", "1 ", "-1", "0x1", "1.0", "1e0", "9".repeat(16), "\xb9"])(
    "takes the token %j for nobody's: only a number as it writes it is one",
    (token) => {
      const [first, second] = [waiting(), waiting()];
      inbox.open(first);
      inbox.open(second);
      wire.bring(`_INBOX_test.1.${token}`);
      expect(first.received).not.toHaveBeenCalled();
      expect(second.received).not.toHaveBeenCalled();
      expect(inbox.strays).toBe(1);
    },
  );

  test("goes on with tokens of more than 32 bits", () => {
    const [first, second] = [waiting(), waiting()];
    wire.bring(inbox.subject(2 ** 40));
    inbox.open(first);
    wire.bring(inbox.subject(2 ** 32));
    inbox.open(second);
    expect(first.received).not.toHaveBeenCalled();
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

  test("tells the latest of those who wait and of those in the ledger that it was forbidden", () => {
    const first = waiting();
    inbox.open(first);
    const kept = { size: 1, received: vi.fn(() => true), lost: vi.fn(), latestTo: vi.fn(() => -1), forbidden: vi.fn() };
    inbox.keep(kept);
    const token = inbox.reserve();
    kept.latestTo.mockReturnValueOnce(token);
    inbox.publishForbidden(first.subject);
    expect(kept.forbidden).toHaveBeenCalledExactlyOnceWith(token);
    expect(first.forbidden).not.toHaveBeenCalled();
    const second = waiting();
    inbox.open(second);
    kept.latestTo.mockReturnValueOnce(token);
    inbox.publishForbidden(first.subject);
    expect(second.forbidden).toHaveBeenCalledOnce();
    expect(kept.forbidden).toHaveBeenCalledOnce();
  });

  test("asks the ledger before it takes a message for a stray, and counts what waits there", () => {
    const kept = { size: 3, received: vi.fn(() => true), lost: vi.fn(), latestTo: vi.fn(() => -1), forbidden: vi.fn() };
    inbox.keep(kept);
    inbox.open(waiting());
    expect(inbox.size).toBe(4);
    const token = inbox.reserve();
    wire.bring(inbox.subject(token));
    expect(kept.received).toHaveBeenCalledExactlyOnceWith(token, expect.anything());
    expect(inbox.strays).toBe(0);
    kept.received.mockReturnValue(false);
    wire.bring(inbox.subject(token));
    expect(inbox.strays).toBe(1);
    inbox.lost();
    expect(kept.lost).toHaveBeenCalledOnce();
  });

  test("knows when it is itself forbidden, so that no reply could ever come", () => {
    expect(inbox.forbidden).toBe(false);
    wire.state = "forbidden";
    expect(inbox.forbidden).toBe(true);
  });
});
