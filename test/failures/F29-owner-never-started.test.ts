import { connect } from "muove";
import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { Journal, receipts, Store, sender, startPost } from "./support/letters.js";
import { timed } from "./support/load.js";

const texts = Array.from({ length: 500 }, (_, n) => `letter ${n}`);

failure("F29", "letters to an owner that was never started are stored, and come when it starts", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  const sent = await Promise.all(texts.map((text) => bus.to(post).send({ text })));
  expect(receipts(sent)).toEqual({ stored: texts.length });

  const journal = new Journal();
  await startPost(fault, nats, journal);
  const first = await timed(() => journal.untilHandled(texts.slice(0, 1)));
  fault.figure("from the start of the owner until its first letter is handled", first.ms);
  expect(first.ms).toBeLessThan(2_000);
  await journal.untilHandled(texts);
  // Those of one message begin in the order in which they were stored; here each was stored before the next one.
  expect(journal.of("began").every(({ attempt }) => attempt === 1)).toBe(true);
  expect(journal.of("handled")).toHaveLength(texts.length);
});

failure("F29", "so it is where nobody but an operator may make streams, once they are there", async (fault) => {
  const inbox = ["_INBOX_muove.>"];
  const nats = await fault.nats({
    jetStream: true,
    config: {
      auth: {
        users: [
          { user: "operator", pass: "operator" },
          {
            user: "sender",
            pass: "sender",
            permissions: { publish: { allow: ["muove-mail.post.d.*"] }, subscribe: { allow: inbox } },
          },
          {
            user: "owner",
            pass: "owner",
            permissions: {
              publish: {
                allow: [
                  "muove-mail.post.>",
                  "$JS.ACK.>",
                  "$JS.API.STREAM.INFO.>",
                  "$JS.API.CONSUMER.INFO.>",
                  "$JS.API.CONSUMER.MSG.NEXT.>",
                ],
              },
              subscribe: { allow: [...inbox, "muove.post.>", "$SRV.>"] },
            },
          },
        ],
      },
    },
  });
  const as = (user: string) => ({ credentials: { user, pass: user } });
  await using bus = await sender(nats, as("sender"));
  expect(await bus.to(post).send({ text: "too early" })).toMatchObject({
    status: "unavailable",
    reason: "no-store",
    delivered: "no",
  });

  // Whoever may make streams and serves the mailbox for a moment makes them.
  await using operator = connect({ service: "operator", servers: nats.url, logger: false, ...as("operator") });
  await connected(operator);
  const served = operator.serve(post, { send() {}, slow() {}, brief() {}, fail() {} });
  await (await Store.of(nats, "operator")).untilProvided();
  await served.stop();

  const sent = await Promise.all(texts.map((text) => bus.to(post).send({ text })));
  expect(receipts(sent)).toEqual({ stored: texts.length });
  const journal = new Journal();
  await startPost(fault, nats, journal, { USER: "owner" });
  await journal.untilHandled(texts);
  expect(journal.of("handled")).toHaveLength(texts.length);
});
