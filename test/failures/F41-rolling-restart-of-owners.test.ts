import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { failure } from "./support/failure.js";
import { Journal, missing, receipts, Store, sender, startPost, twice } from "./support/letters.js";
import { load, timed } from "./support/load.js";

failure(
  "F41",
  "a rolling restart of three owners loses no letter, handles none twice, and uses up no try",
  async (fault) => {
    const nats = await fault.nats({ jetStream: true });
    await using bus = await sender(nats);
    const journal = new Journal();
    const start = () => startPost(fault, nats, journal);
    const owners = [await start(), await start(), await start()];
    const letters = load(32, async (n) => {
      const text = `letter ${n}`;
      const { send, slow } = bus.to(post);
      return { text, receipt: await (n % 4 === 0 ? slow({ text, ms: 40 }) : send({ text })) };
    });
    await eventually(() => letters.done.length >= 500, { within: 20_000 });
    for (const owner of owners) {
      const before = letters.done.length;
      const ended = await timed(() => owner.terminate());
      fault.figure("from SIGTERM until an owner has ended", ended.ms);
      expect(ended.value).toMatchObject({ code: 0 });
      await start();
      await eventually(() => letters.done.length >= before + 500, { within: 20_000 });
    }
    const sent = await letters.stop();
    expect(receipts(sent.map(({ receipt }) => receipt))).toEqual({ stored: sent.length });
    const texts = sent.map(({ text }) => text);
    await journal.untilHandled(texts);
    const { handled } = journal;
    expect(missing(texts, handled)).toEqual([]);
    expect(twice(handled)).toEqual([]);
    expect(journal.of("began").filter(({ attempt }) => attempt !== 1)).toEqual([]);
    expect(journal.of("began")).toHaveLength(sent.length);
    await (await Store.of(nats)).untilCount("MAIL", 0);
    fault.figure("letters handled once in a rolling restart", sent.length, "letters");
  },
);
