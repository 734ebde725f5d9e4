import { eventually, type Service } from "@muove/testkit";
import { headers } from "@nats-io/transport-node";
import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { failure } from "./support/failure.js";
import { Journal, Store, sender, startPost } from "./support/letters.js";
import { countsOf } from "./support/worker.js";

function withHeaders(given: Readonly<Record<string, string>>) {
  const made = headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  return { headers: made };
}

failure("F34", "bytes that are no letter become dead letters, and the service lives", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  const journal = new Journal();
  const owner = await startPost(fault, nats, journal);
  const store = await Store.of(nats);
  await store.untilProvided();
  const { client } = store;
  for (let n = 0; n < 200; n++) client.publish("muove-mail.post.d.send", Buffer.from([0xc1, n, 0xff, 0x7b]));
  client.publish("muove-mail.post.d.send", "{");
  await store.untilCount("DEAD", 201);
  for (const { headers: lines } of await store.dead()) expect(lines).toMatch(/Muove-Dead: rejected 0 0 \d+ \d+ \d+\r/);

  // JSON of another shape: a newer instance may know it, so it is tried for an hour.
  client.publish("muove-mail.post.d.send", '{"words":1}');
  await eventually(async () => (await countsOf(owner)).lettersPutAside === 1);
  await store.untilCount("MAIL", 1);
  expect(await bus.to(post).send({ text: "good" })).toMatchObject({ status: "stored" });
  await journal.untilHandled(["good"]);
  expect(owner.running).toBe(true);
});

failure("F34", "tries, due times and ids that a sender writes change nothing", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  const journal = new Journal();
  const owner = await startPost(fault, nats, journal);
  const store = await Store.of(nats);
  await store.untilProvided();
  const forged = [
    { "Muove-Trail": `1 0 0 0 0 ${Date.now() + 86_400_000}` },
    { "Muove-Trail": "999999 5 5 1 1 1" },
    { "Muove-Trail": "x".repeat(2_000) },
    { "Muove-Id": "an id with blanks" },
    { "Muove-Id": "y".repeat(129) },
    { "Muove-Dead": "failed 5 0 1 1 1", "Muove-Error": "%" },
  ];
  for (const [n, lines] of forged.entries()) {
    const payload = JSON.stringify({ text: `forged ${n}` });
    store.client.publish("muove-mail.post.d.fail", payload, withHeaders(lines));
  }
  await store.untilCount("DEAD", forged.length);
  for (const n of forged.keys()) {
    const tries = journal.of("failed").filter(({ text }) => text === `forged ${n}`);
    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
    expect(tries[0]?.id).toMatch(/^MUOVE-MAIL_post_[\da-f]{8}\/\d+$/);
  }
  expect(await died(owner)).toEqual(forged.length);
});

const died = async (owner: Service): Promise<number> => (await countsOf(owner)).lettersBuried;
