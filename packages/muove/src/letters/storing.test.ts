import { describe, expect, test, vi } from "vitest";
import { Deadlines } from "../base/deadlines.js";
import { Inbox } from "../inbox/inbox.js";
import type { Link, NatsMessage } from "../link/index.js";
import type { LetterReceipt } from "./receipt.js";
import type { StoreState } from "./stores.js";
import { type StoredMessage, Storing } from "./storing.js";

const message: StoredMessage = {
  address: "post.send",
  id: "a",
  subject: "muove-mail.post.d.send",
  stream: "MUOVE-MAIL_post_1",
  payload: new Uint8Array(2),
  headers: "",
};
const noResponders = { empty: true, headers: "NATS/1.0 503\r\n\r\n" } as NatsMessage;
const answer = (body: object) =>
  ({ empty: false, headers: "", data: Buffer.from(JSON.stringify(body)) }) as unknown as NatsMessage;
const acknowledged = answer({ stream: message.stream, seq: 7 });
const refused = (err_code: number) => answer({ error: { code: 503, err_code, description: `error ${err_code}` } });
const ready: StoreState = { kind: "ready", made: false, found: {}, time: 0 };

interface Given {
  readonly timeout?: number;
  readonly store?: StoreState;
  readonly up?: boolean;
}

function storing({ timeout = 60_000, store = ready, up = true }: Given = {}) {
  const link = { up, serverVersion: "2.10.0", subscribe: () => ({}), publish: vi.fn(() => link.up) };
  const transport = {
    link: link as unknown as Link,
    inbox: new Inbox(link as unknown as Link, "_INBOX_test.1"),
    deadlines: new Deadlines(),
  };
  const controller = new AbortController();
  const ended = vi.fn<(receipt: LetterReceipt) => void>();
  const ensure = vi.fn(async () => store);
  const made = new Storing(message, transport, timeout, [controller.signal], { ensure, ended });
  const end = () => vi.waitFor(() => expect(ended).toHaveBeenCalledOnce(), { timeout: 5_000 });
  const receipt = () => ended.mock.calls[0]?.[0];
  return { storing: made, link, transport, controller, ended, ensure, end, receipt };
}

const inMs = (ms: number): number => performance.now() + ms;

describe("STORING-1 it settles once, and leaves no inbox entry and no deadline", () => {
  const endings: Record<string, [Given, (made: ReturnType<typeof storing>) => unknown]> = {
    "when it is stored": [{}, ({ storing }) => storing.received(acknowledged)],
    "when there is no room": [{}, ({ storing }) => storing.received(refused(10077))],
    "when it is forbidden": [{}, ({ storing }) => storing.forbidden()],
    "by its signal": [{}, ({ controller }) => controller.abort()],
    "by its time": [{ timeout: 20 }, ({ end }) => end()],
    "when its bus closes": [{}, ({ storing }) => storing.giveUp()],
    "when there is no store": [
      { store: { kind: "missing", reason: "none" } },
      ({ storing, end }) => [storing.received(noResponders), end()][1],
    ],
  };

  test.each(Object.entries(endings))("%s", async (_, [given, end]) => {
    const made = storing(given);
    made.storing.send();
    expect([made.transport.inbox.size, made.transport.deadlines.size]).toEqual([1, 1]);
    await end(made);
    made.storing.received(acknowledged);
    made.storing.look(inMs(60_000));
    made.storing.giveUp();
    expect([made.transport.inbox.size, made.transport.deadlines.size]).toEqual([0, 0]);
    expect(made.ended).toHaveBeenCalledOnce();
  });
});

describe("STORING-2", () => {
  test("stored is the word of the letter's own stream, and of no other", () => {
    const [own, other] = [storing(), storing()];
    for (const { storing } of [own, other]) storing.send();
    own.storing.received(answer({ stream: message.stream, seq: 1, duplicate: true }));
    expect(own.receipt()).toEqual({ status: "stored", id: "a", duplicate: true });
    other.storing.received(answer({ stream: "AUDIT", seq: 1 }));
    expect(other.receipt()).toMatchObject({ reason: "store-conflict", delivered: "no" });
  });

  test.each([
    ["garbage", Buffer.from("{")],
    ["a number", Buffer.from("7")],
    ["nothing", Buffer.alloc(0)],
  ])("%s is no answer", (_, data) => {
    const made = storing();
    made.storing.send();
    made.storing.received({ empty: false, headers: "", data } as unknown as NatsMessage);
    expect(made.ended).not.toHaveBeenCalled();
  });

  test("what was never published is unreachable, delivered: no", async () => {
    const made = storing({ timeout: 20, up: false });
    made.storing.send();
    await made.end();
    expect(made.receipt()).toMatchObject({ reason: "unreachable", delivered: "no" });
  });

  test("once a sending was lost, a refusal of the next one says maybe", () => {
    const made = storing();
    made.storing.send();
    made.storing.lost();
    made.storing.look(inMs(0));
    expect(made.link.publish).toHaveBeenCalledTimes(2);
    made.storing.received(refused(10077));
    expect(made.receipt()).toMatchObject({ reason: "overloaded", delivered: "maybe" });
  });

  test("what is being stored under its id may be stored", async () => {
    const made = storing({ timeout: 30 });
    made.storing.send();
    made.storing.received(refused(10158));
    await made.end();
    expect(made.receipt()).toMatchObject({ delivered: "maybe" });
  });

  test.each([
    [10060, "store-conflict"],
    [10023, "overloaded"],
    [10047, "overloaded"],
    [10077, "overloaded"],
  ])("the error %i is %s, delivered: no", (code, reason) => {
    const made = storing();
    made.storing.send();
    made.storing.received(refused(code));
    expect(made.receipt()).toMatchObject({ reason, delivered: "no" });
  });

  test("any other error may pass: it is sent again, and said if it does not", async () => {
    const made = storing({ timeout: 400 });
    made.storing.send();
    made.storing.received(refused(10009));
    made.storing.look(inMs(300));
    expect(made.link.publish).toHaveBeenCalledTimes(2);
    made.storing.received(refused(10009));
    await made.end();
    expect(made.receipt()).toMatchObject({ reason: "no-store", delivered: "no" });
    expect(made.receipt()).toHaveProperty("message", expect.stringContaining("error 10009"));
  });
});

describe("STORING-3 a sending that is not answered", () => {
  test("is repeated under the same id, with a new reply subject, ever less often", () => {
    const made = storing();
    made.storing.send();
    const first = made.storing.nonce;
    made.storing.look(inMs(900));
    expect(made.link.publish).toHaveBeenCalledTimes(1);
    made.storing.look(inMs(1_100));
    expect(made.link.publish).toHaveBeenCalledTimes(2);
    expect(made.storing.nonce).not.toBe(first);
    made.storing.look(inMs(1_100));
    expect(made.link.publish).toHaveBeenCalledTimes(2);
    made.storing.look(inMs(2_100));
    expect(made.link.publish).toHaveBeenCalledTimes(3);
  });

  test("asks once for the stream, as another one may have the subject and acknowledge nothing", async () => {
    const made = storing({ store: { kind: "conflict", reason: "subjects overlap" } });
    made.storing.send();
    made.storing.look(inMs(1_100));
    expect(made.ensure).toHaveBeenCalledOnce();
    await made.end();
    expect(made.receipt()).toMatchObject({ reason: "store-conflict", delivered: "maybe" });
  });

  test("and one that nobody took is sent again when its stream was made", async () => {
    const made = storing();
    made.storing.send();
    made.storing.received(noResponders);
    await vi.waitFor(() => expect(made.link.publish).toHaveBeenCalledTimes(2));
    made.storing.received(acknowledged);
    expect(made.receipt()).toMatchObject({ status: "stored" });
  });

  test("is repeated while nobody says whether there is a stream, as in an election", async () => {
    const made = storing({ store: { kind: "later" } });
    made.ensure.mockReturnValue(new Promise(() => {}));
    made.storing.send();
    made.storing.received(noResponders);
    made.storing.look(inMs(500));
    expect(made.link.publish).toHaveBeenCalledTimes(1);
    made.storing.look(inMs(1_100));
    expect(made.link.publish).toHaveBeenCalledTimes(2);
    made.storing.received(acknowledged);
    expect(made.receipt()).toMatchObject({ status: "stored" });
  });
});

test("a letter that waits for a connection costs nothing until there is one", () => {
  const made = storing({ up: false });
  made.storing.send();
  for (let n = 0; n < 5; n++) made.storing.look(inMs(0));
  expect(made.link.publish).toHaveBeenCalledTimes(1);
  made.link.up = true;
  made.storing.look(inMs(0));
  expect(made.link.publish).toHaveBeenCalledTimes(2);
});

test("a server that is too old is no store", () => {
  const made = storing();
  made.link.serverVersion = "2.9.10";
  made.storing.send();
  expect(made.receipt()).toMatchObject({ reason: "no-store", delivered: "no" });
  expect(made.link.publish).not.toHaveBeenCalled();
});
