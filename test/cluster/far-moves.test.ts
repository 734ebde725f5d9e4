import { findNatsServer } from "@muove/testkit";
import { describe, expect, it } from "vitest";
import { makeKit } from "../support/kit.js";
import { fetchedNatsServers } from "../support/nats-server.js";
import { type FarCluster, farCluster } from "./support/far-cluster.js";
import { FarTraffic } from "./support/far-traffic.js";
import { lameDuckConfig as config, untilEnded, untilMoved } from "./support/upgrade.js";

// Copies of a message, and the news of a subscription, are on their way for as long as the servers are apart.
// MUOVE_CASES=10000 makes a long run, with so many messages of each kind.

const { MUOVE_CASES } = process.env;
const nothing = { twice: [], lost: 0, failures: [] };

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] where servers are far apart", () => {
  it("one move right after the other handles nothing twice and loses nothing, at 300 ms", async () => {
    const { far, traffic } = await apart(300);
    const [first, second] = far.servers;
    if (!first || !second) throw new Error("no cluster");
    await first.lameDuck();
    await untilMoved(first, traffic);
    await second.lameDuck();
    await untilMoved(second, traffic);
    await Promise.all([untilEnded(first), untilEnded(second)]);
    expect(await traffic.stop()).toMatchObject(nothing);
  });

  it("a move that the end of the server cuts short handles nothing twice", async () => {
    const { far, traffic } = await apart(100);
    const [leaving] = far.servers;
    if (!leaving) throw new Error("no cluster");
    await leaving.lameDuck();
    await untilMoved(leaving, traffic);
    await leaving.kill();
    await traffic.more(100);
    expect(await traffic.stop()).toMatchObject({ twice: [] });
  });

  it("a rolling upgrade through the generations of nats-server handles nothing twice and loses nothing, at 100 ms", {
    timeout: 600_000,
  }, async () => {
    const [oldest, newest] = generations();
    const { far, traffic } = await apart(100, oldest);
    do
      for (const program of MUOVE_CASES === undefined ? [newest] : [newest, oldest])
        for (const server of [...far.servers]) {
          await server.lameDuck();
          await untilMoved(server, traffic);
          await untilEnded(server);
          await far.replace(server, program);
        }
    while (traffic.sent < Number(MUOVE_CASES ?? 0));
    const { sent, ...told } = await traffic.stop();
    console.info(`a rolling upgrade from ${oldest} to ${newest}: ${sent} messages of each kind`);
    expect(told).toEqual(nothing);
  });
});

/** Traffic in a cluster whose servers are so many ms apart. In a short run, there are two of them in an upgrade. */
async function apart(ms: number, program?: string): Promise<{ far: FarCluster; traffic: FarTraffic }> {
  const size = program !== undefined && MUOVE_CASES === undefined ? 2 : 3;
  const far = await farCluster(makeKit(), { size, config, ...(program !== undefined && { program }) });
  const traffic = new FarTraffic(far.servers);
  await traffic.start(50);
  far.apart(ms);
  await traffic.more(100);
  return { far, traffic };
}

/** The oldest and the newest nats-server here: of those that scripts/nats-servers.sh got, and the usual one. */
function generations(): [oldest: string, newest: string] {
  const programs = fetchedNatsServers();
  const usual = findNatsServer() as string;
  return [programs.at(0) ?? usual, programs.at(-1) ?? usual];
}
