import { eventually, type Nats } from "@muove/testkit";
import { expect } from "vitest";
import { clusterPost } from "../services/post-contract.js";
import { failure } from "./support/failure.js";
import { Journal, missing, receipts, Store, sender, startPost, twice } from "./support/letters.js";
import { load, timed } from "./support/load.js";

failure(
  "F37",
  "when a cluster loses the leader of the stream under a flood of letters, nothing stored is lost",
  async (fault) => {
    const servers = await fault.kit.cluster({ size: 3, jetStream: true });
    const urls = servers.map(({ url }) => url);
    const journal = new Journal();
    const [first] = servers;
    if (first === undefined) throw new Error("no cluster");
    await using bus = await sender(first, { servers: urls });
    const { send } = bus.to(clusterPost);
    await eventually(async () => (await send({ text: "first" })).status === "stored", { within: 40_000 });
    for (const server of servers.slice(0, 2)) await startPost(fault, server, journal, { REPLICAS: "3" });
    await journal.untilHandled(["first"]);
    const letters = load(32, async (n) => {
      const text = `letter ${n}`;
      return { text, receipt: await send({ text }, { timeout: 10_000 }) };
    });
    await eventually(() => letters.done.length >= 500, { within: 20_000 });

    const store = await Store.of(first);
    const info = `STREAM.INFO.${await store.stream("MAIL")}`;
    const { cluster } = await store.api(info);
    await store.client.close();
    const leader = serverNamed(servers, cluster?.leader);
    const others = servers.filter((server) => server !== leader);
    const watching = await Store.of(others[0] as Nats);
    await leader.kill();
    // As soon as a plain client's letter is acknowledged, the cluster has a leader again.
    const plain = () => watching.client.request("muove-mail.post.d.send", '{"text":"plain"}', { timeout: 250 });
    const elected = timed(() =>
      eventually(async () => (await plain()).string().includes('"stream"'), { within: 30_000, every: 50 }),
    );
    const healed = await timed(() =>
      eventually(async () => (await send({ text: "healed" }, { timeout: 10_000 })).status === "stored", {
        within: 30_000,
      }),
    );
    fault.figure("from SIGKILL for the leader until a plain client's letter is stored", (await elected).ms);
    fault.figure("from SIGKILL for the leader until a new letter is stored", healed.ms);
    const more = letters.done.length + 500;
    await eventually(() => letters.done.length >= more, { within: 20_000 });
    const sent = await letters.stop();
    const outcomes = receipts(sent.map(({ receipt }) => receipt));
    fault.figure("letters that were not known to be stored", sent.length - (outcomes.stored ?? 0), `of ${sent.length}`);
    for (const outcome of Object.keys(outcomes)) expect(outcome).toMatch(/^stored$|\/maybe$/);

    const stored = sent.filter(({ receipt }) => receipt.status === "stored").map(({ text }) => text);
    await journal.untilHandled(stored, 30_000);
    expect(missing(stored, journal.handled)).toEqual([]);
    fault.figure("of those, handled twice", twice(journal.handled).length, "letters");
    expect(healed.ms).toBeLessThan((await elected).ms + 1_500);
  },
  120_000,
);

/** A server tells its name when it starts. */
function serverNamed(servers: readonly Nats[], name = "none"): Nats {
  const found = servers.find(({ output }) => output.includes(`Name:     ${name}`));
  if (found === undefined) throw new Error(`no server is called ${name}`);
  return found;
}
