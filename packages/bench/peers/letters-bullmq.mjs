// BullMQ on Redis, which syncs its append-only file every second, as BullMQ's documentation recommends.
import { Queue, Worker } from "bullmq";
import { concurrency } from "../dist/letters/contender.js";

const name = "letters";

/** @param {string} url */
const connectionTo = (url) => ({
  host: new URL(url).hostname,
  port: Number(new URL(url).port),
  maxRetriesPerRequest: null,
});

/** @type {import("../src/letters/contender.js").LetterContender} */
export const contender = {
  async handle(url) {
    const tally = { count: 0, sum: 0 };
    const work = async ({ data }) => {
      tally.count++;
      tally.sum += data.number;
    };
    const worker = new Worker(name, work, {
      connection: connectionTo(url),
      concurrency,
      removeOnComplete: { count: 0 },
    });
    await worker.waitUntilReady();
    return () => tally;
  },

  async connect(url) {
    const queue = new Queue(name, { connection: connectionTo(url) });
    await queue.waitUntilReady();
    return async (letter) => (await queue.add("post", letter)).id !== undefined;
  },
};
