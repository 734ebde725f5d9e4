import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { pino } from "pino";
import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { Store, sender } from "./support/letters.js";
import { load, timed } from "./support/load.js";

const within = { within: 20_000 };
const text = (n: number) => `letter ${n}`;

/** An owner whose log lines are kept. */
function ownerOf(nats: { readonly url: string }, handled: Set<string>, user?: string) {
  const lines: { readonly msg: string; readonly level: number }[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const credentials = user === undefined ? {} : { credentials: { user, pass: user } };
  const owner = connect({ service: "post", servers: nats.url, logger, ...credentials });
  owner.serve(post, { send: (letter) => void handled.add(letter.text), slow() {}, brief() {}, fail() {} });
  const said = (msg: RegExp) => lines.some((line) => line.level >= 40 && msg.test(line.msg));
  return { owner, said };
}

for (const [what, request] of [
  ["stream", (stream: string) => `STREAM.DELETE.${stream}`],
  ["consumer of a message", (stream: string) => `CONSUMER.DELETE.${stream}.send`],
] as const) {
  failure("F39", `a ${what} that is deleted under a flood is made again, and the log says so`, async (fault) => {
    const nats = await fault.nats({ jetStream: true });
    await using bus = await sender(nats);
    const handled = new Set<string>();
    const { owner: opened, said } = ownerOf(nats, handled);
    await using owner = opened;
    const store = await Store.of(nats);
    await store.untilProvided();
    const letters = load(8, async (n) => ({ text: text(n), receipt: await bus.to(post).send({ text: text(n) }) }));
    await eventually(() => handled.size >= 200, within);

    expect(await store.api(request(await store.stream("MAIL")))).toMatchObject({ success: true });
    const deletedAt = letters.done.length;
    const healed = await timed(() =>
      eventually(() => letters.done.slice(deletedAt + 50).some((l) => handled.has(l.text)), within),
    );
    fault.figure(`from the deletion of a ${what} until later letters are handled`, healed.ms);
    expect(healed.ms).toBeLessThan(10_000);
    const sent = await letters.stop();
    expect(sent.filter(({ receipt }) => receipt.status !== "stored")).toEqual([]);
    const [before, after] = [sent.slice(0, deletedAt), sent.slice(deletedAt + 50)];
    await eventually(() => after.every((letter) => handled.has(letter.text)), within);
    if (what !== "stream") expect(before.filter((letter) => !handled.has(letter.text))).toEqual([]);
    expect(said(/fetching letters ended/)).toBe(true);
    expect(said(/kept mail was gone, and was made again/)).toBe(true);
    expect(owner.health.ready).toBe(true);
  });
}

failure(
  "F39",
  "a stream that nobody may make again is no-store, and its owner is not ready until it is back",
  async (fault) => {
    const limited = {
      publish: { deny: ["$JS.API.STREAM.CREATE.>", "$JS.API.CONSUMER.CREATE.>"] },
      subscribe: { allow: [">"] },
    };
    const users = [
      { user: "operator", pass: "operator" },
      { user: "limited", pass: "limited", permissions: limited },
    ];
    const nats = await fault.nats({ jetStream: true, config: { auth: { users } } });
    const provision = async (store: Store) => {
      await using operator = connect({
        service: "operator",
        servers: nats.url,
        logger: false,
        credentials: { user: "operator", pass: "operator" },
      });
      await connected(operator);
      operator.serve(post, { send() {}, slow() {}, brief() {}, fail() {} });
      await store.untilProvided();
    };
    const store = await Store.of(nats, "operator");
    await provision(store);
    await using bus = await sender(nats, { credentials: { user: "limited", pass: "limited" } });
    const handled = new Set<string>();
    const { owner: opened } = ownerOf(nats, handled, "limited");
    await using owner = opened;
    expect(await bus.to(post).send({ text: "before" })).toMatchObject({ status: "stored" });
    await eventually(() => handled.has("before"));

    await store.api(`STREAM.DELETE.${await store.stream("MAIL")}`);
    expect(await bus.to(post).send({ text: "meanwhile" })).toMatchObject({ reason: "no-store", delivered: "no" });
    const told = await timed(() => eventually(() => !owner.health.ready, within));
    fault.figure("from the deletion of the stream until the owner is not ready", told.ms);
    expect(told.ms).toBeLessThan(10_000);
    expect(owner.health.problems[0]).toMatch(/the letters of post: .*NATS permissions refuse to make it/);

    await provision(store);
    await eventually(() => owner.health.ready, within);
    expect(await bus.to(post).send({ text: "after" })).toMatchObject({ status: "stored" });
    await eventually(() => handled.has("after"), within);
  },
);
