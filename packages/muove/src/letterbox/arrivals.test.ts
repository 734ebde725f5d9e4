import { cast, mailbox } from "@muove/contract";
import { expect, test, vi } from "vitest";
import { type MailPlan, mailPlan } from "../letters/streams.js";
import type { NatsMessage } from "../link/index.js";
import { Arrivals } from "./arrivals.js";

const plan = mailPlan("p", mailbox("post", { send: cast({ durable: true }) })) as MailPlan;
const { stream } = plan.names;

function arrivals() {
  let receive: (msg: NatsMessage) => void = () => {};
  const link = {
    subscribe: (_subject: string, options: { receive: (msg: NatsMessage) => void }) => {
      receive = options.receive;
      return { drain: async () => {} };
    },
  };
  const made = new Arrivals({ link, inbox: {} } as never, plan, "_INBOX_muove.post.1");
  const takers = Object.fromEntries(
    ["send", "_retry-0"].map((consumer) => [consumer, { take: vi.fn(), told: vi.fn() }] as const),
  );
  for (const [consumer, taker] of Object.entries(takers)) made.to(consumer, taker);
  const arrive = (subject: string, reply: string, headers = "") =>
    receive({ subject, reply, headers } as unknown as NatsMessage);
  const [send, retry] = [takers.send, takers["_retry-0"]] as {
    take: ReturnType<typeof vi.fn>;
    told: ReturnType<typeof vi.fn>;
  }[];
  if (send === undefined || retry === undefined) throw new Error("no takers");
  return { arrivals: made, send, retry, arrive };
}

const ack = (consumer: string, of = stream) => `$JS.ACK.${of}.${consumer}.1.2.3.4000000.5`;

test("ARRIVALS-1 what JetStream delivers goes to whoever takes the letters of its consumer", () => {
  const { send, retry, arrive } = arrivals();
  arrive("p.muove-mail.post.d.send", ack("send"));
  arrive("p.muove-mail.post.again.send", ack("send"));
  arrive("p.muove-mail.post.retry.0.send", ack("_retry-0"));
  arrive("p.muove-mail.post.retry.0.unknown", ack("_retry-0")); // A newer instance knows it.
  expect([send.take.mock.calls.length, retry.take.mock.calls.length]).toEqual([2, 2]);
  expect(send.take.mock.calls[0]?.[0]).toMatchObject({ place: "d", message: "send", ackSubject: ack("send") });
});

test.each([
  ["without an acknowledgement subject", "p.muove-mail.post.d.send", "_INBOX.1"],
  ["of another stream", "p.muove-mail.post.d.send", ack("send", "AUDIT")],
  ["of a consumer that is not ours", "p.muove-mail.post.d.send", ack("other")],
  ["of another message than its consumer's", "p.muove-mail.post.d.other", ack("send")],
  ["of another mailbox", "p.muove-mail.posts.d.send", ack("send")],
  ["without the prefix", "muove-mail.post.d.send", ack("send")],
])("ARRIVALS-1 a message %s is no letter", (_, subject, reply) => {
  const { send, retry, arrive } = arrivals();
  arrive(subject, reply);
  expect([send.take.mock.calls.length, retry.take.mock.calls.length]).toEqual([0, 0]);
});

test("what the server says of a request goes to whoever asked", () => {
  const { arrivals: made, send, arrive } = arrivals();
  const { answers, requests } = made.subjects("send");
  expect(requests).toBe(`$JS.API.CONSUMER.MSG.NEXT.${stream}.send`);
  arrive(`${answers}.7`, "", "NATS/1.0 409 Consumer Deleted\r\n\r\n");
  arrive(`${answers}.8`, "", "NATS/1.0 503\r\n\r\n");
  arrive(`${answers}.9`, "", "NATS/1.0 408 Request Timeout\r\nNats-Pending-Messages: 3\r\n\r\n");
  expect(send.told.mock.calls).toEqual([
    [7, "409 Consumer Deleted", Number.POSITIVE_INFINITY],
    [8, "503", Number.POSITIVE_INFINITY],
    [9, "408 Request Timeout", 3],
  ]);
});
