import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { failure } from "./support/failure.js";
import { Journal, receipts, Store, sender, startPost } from "./support/letters.js";
import { timed } from "./support/load.js";

failure("F38", "a letter whose answer is lost is sent again under its id, and handled once", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  const path = await fault.kit.proxy(nats.url);
  const journal = new Journal();
  await startPost(fault, nats, journal);
  const store = await Store.of(nats);
  await store.untilProvided();
  await using bus = await sender(path, { servers: path.url });
  const texts = Array.from({ length: 200 }, (_, n) => `letter ${n}`);

  path.blackHole({ direction: "toClient" }); // The letters get through, the answers do not.
  const sent = Promise.all(texts.map((text) => bus.to(post).send({ text }, { timeout: 15_000 })));
  await journal.untilHandled(texts);
  await path.heal();
  path.cut();
  const answered = await timed(() => sent);
  fault.figure("from the end of the connection that lost the answers until 200 letters are stored", answered.ms);
  expect(receipts(answered.value)).toEqual({ stored: texts.length });
  expect(answered.value.every((receipt) => receipt.status === "stored" && receipt.duplicate)).toBe(true);
  await store.untilCount("MAIL", 0);
  expect(journal.of("began")).toHaveLength(texts.length);
});

failure(
  "F38",
  "letters whose acknowledgements are lost are not handled again on the next connection",
  async (fault) => {
    const nats = await fault.nats({ jetStream: true });
    const path = await fault.kit.proxy(nats.url);
    await using bus = await sender(nats);
    const handled: string[] = [];
    await using owner = connect({ service: "post", servers: path.url, logger: false });
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    owner.serve(post, {
      async send({ text }) {
        await released;
        handled.push(text);
      },
      slow() {},
      brief() {},
      fail() {},
    });
    const store = await Store.of(nats);
    await store.untilProvided();
    const texts = Array.from({ length: 16 }, (_, n) => `letter ${n}`);
    const sent = await Promise.all(texts.map((text) => bus.to(post).send({ text })));
    expect(receipts(sent)).toEqual({ stored: texts.length });
    await eventually(() => owner.status.counts.received === texts.length);

    path.blackHole({ direction: "toServer" });
    release();
    await eventually(() => handled.length === texts.length);
    expect(await store.count("MAIL")).toBe(texts.length); // Their acknowledgements have gone nowhere.
    await path.heal();
    path.cut();
    await store.untilCount("MAIL", 0);
    await eventually(() => owner.status.connection.state === "up");
    expect(await bus.to(post).send({ text: "last" })).toMatchObject({ status: "stored" });
    await eventually(() => handled.includes("last"));
    expect(handled.sort()).toEqual([...texts, "last"].sort());
  },
);

failure(
  "F38",
  "a sender's two tries under one id are one letter, and after a restart of the store its id is the same",
  async (fault) => {
    const nats = await fault.nats({ jetStream: true });
    await using bus = await sender(nats);
    const journal = new Journal();
    await startPost(fault, nats, journal);
    const send = () => bus.to(post).send({ text: "an order" }, { id: "order-1" });
    const both = await Promise.all([send(), send()]);
    expect(both).toEqual([
      { status: "stored", id: "order-1", duplicate: expect.any(Boolean) },
      { status: "stored", id: "order-1", duplicate: expect.any(Boolean) },
    ]);
    expect(both.filter((receipt) => receipt.status === "stored" && receipt.duplicate)).toHaveLength(1);
    await journal.untilHandled(["an order"]);
    expect(await send()).toMatchObject({ status: "stored", duplicate: true });
    expect(journal.of("began")).toHaveLength(1);
    // The ids are of the mailbox's messages: another message may have the same.
    expect(await bus.to(post).slow({ text: "a bill", ms: 1 }, { id: "order-1" })).toMatchObject({ duplicate: false });
    await journal.untilHandled(["a bill"]);

    // A store that restarts forgets the ids of letters that are done: the handler sees the same id again.
    await (await Store.of(nats)).untilCount("MAIL", 0);
    await nats.terminate();
    await nats.start();
    await eventually(async () => (await send()).status === "stored", { within: 10_000 });
    await eventually(() => journal.of("began").filter(({ text }) => text === "an order").length >= 1);
    expect(new Set(journal.entries.map(({ id }) => id))).toEqual(new Set(["order-1"]));
  },
);
